"""What is wrong with bookings, and with the venue's database, in Spanish."""

BOOKINGS = {
    # Bookings from outside
    "it cannot be read: {why:said}": "no se puede leer: {why}",
    "line {line:number}, column {column:number}": "línea {line}, columna {column}",
    "the file is empty; write [] for none": "el archivo está vacío; escribir [] si no hay ninguna",
    "byte {byte:number} is not text in UTF-8": "el byte {byte} no es texto en UTF-8",
    "it holds a number too long, or is nested too deep": "tiene un número demasiado largo, o demasiados niveles",
    'it is neither a list of bookings nor {{"bookings": [...]}}': (
        'no es una lista de reservas ni {{"bookings": [...]}}'
    ),
    "{why:said}; the {count:number} booking known before stands": (
        "{why}; sigue valiendo la reserva de antes ({count})"
    ),
    "{why:said}; the {count:number} bookings known before stand": (
        "{why}; siguen valiendo las reservas de antes ({count})"
    ),
    "a booking is an object with fields, this is {kind:said}": "una reserva es un objeto con campos, y esto es {kind}",
    "booking number {number:number}": "reserva número {number}",
    "there is more than one booking with this id; the last one counts": (
        "hay más de una reserva con este número; vale la última"
    ),
    "the status {status} is not known; it counts as scheduled": (
        "el estado {status} no se conoce; se toma como reservada"
    ),
    "it has no id": "no tiene número de reserva",
    "its id has {length:number} characters; {most:number} is the most": (
        "su número tiene {length} caracteres; el máximo es {most}"
    ),
    "its id holds characters that cannot be printed": "su número tiene caracteres que no se pueden mostrar",
    "its {field} is {kind:said}, not text": "su {field} es {kind}, no un texto",
    "its {field} is not a number": "su {field} no es un número",
    "its {field} is a number of more than {digits:number} digits": "su {field} es un número de más de {digits} cifras",
    "its status is {kind:said}, not text": "su status es {kind}, no un texto",
    "its end ({end}) is not after its start ({start})": "su final ({end}) no es posterior a su comienzo ({start})",
    "it has no {field}": "no tiene {field}",
    "its {field} is {kind:said}, not a time": "su {field} es {kind}, no una hora",
    "its {field} is in the year {year:number}": "su {field} es del año {year}",
    "its {field} is {value}, not a time like 2026-05-30T18:00:00+02:00": (
        "su {field} es {value}, no una hora como 2026-05-30T18:00:00+02:00"
    ),
    "its start_time is a time of day, and it has no date": "su start_time es una hora del día, y no tiene fecha",
    "its date is {value}, not a date like 2026-05-30": "su fecha es {value}, no una fecha como 2026-05-30",
    "a field of it is nested deeper than {levels:number} levels": "un campo suyo tiene más de {levels} niveles",
    "null": "nada",
    "true or false": "verdadero o falso",
    "a number": "un número",
    "text": "texto",
    "a list": "una lista",
    "an object": "un objeto",
    "the table bookings holds more than {count:number} rows of ours from yesterday on": (
        "la tabla bookings tiene más de {count} filas nuestras desde ayer"
    ),
    "{why:said}; the bookings known before stand": "{why}; siguen valiendo las reservas de antes",
    # The venue's database
    "SUPABASE_URL is not an address like https://project.supabase.co": (
        "SUPABASE_URL no es una dirección como https://project.supabase.co"
    ),
    "SUPABASE_URL is set, but neither SUPABASE_SERVICE_ROLE_KEY nor SUPABASE_ANON_KEY is": (
        "SUPABASE_URL está puesto, pero no SUPABASE_SERVICE_ROLE_KEY ni SUPABASE_ANON_KEY"
    ),
    "the Supabase key holds characters that no key has; copy it again, in one line": (
        "la clave de Supabase tiene caracteres que ninguna clave tiene; copiarla otra vez, en una línea"
    ),
    "SUPABASE_URL is not an address that can be asked": "SUPABASE_URL no es una dirección a la que se pueda preguntar",
    "what answers is not Supabase: its answer is not rows": "quien responde no es Supabase: su respuesta no son filas",
    "what answers is not Supabase: its answer is not rows (a network's log-in page?)": (
        "quien responde no es Supabase: su respuesta no son filas (¿una página de acceso de la red?)"
    ),
    "Supabase cannot be reached: {why:said}": "no se llega a Supabase: {why}",
    "Supabase cannot be reached: no connection": "no se llega a Supabase: no hay conexión",
    "Supabase does not answer in time": "Supabase no responde a tiempo",
    "the connection to Supabase broke off ({why})": "se cortó la conexión con Supabase ({why})",
    "what answers is not Supabase but a web page ({status}; a network's log-in page?)": (
        "quien responde no es Supabase sino una página web ({status}; ¿una página de acceso de la red?)"
    ),
    "Supabase cannot do it now ({why})": "Supabase no puede ahora ({why})",
    "its key or its rights do not do; check SUPABASE_SERVICE_ROLE_KEY": (
        "su clave o sus permisos no bastan; revisar SUPABASE_SERVICE_ROLE_KEY"
    ),
    "Supabase does not let us in ({why}): {to_do:said}": "Supabase no deja entrar ({why}): {to_do}",
    "Supabase refuses ({why})": "Supabase lo rechaza ({why})",
    "a row for the table {table} is not understood; another version of the program wrote it": (
        "no se entiende una fila para la tabla {table}; la escribió otra versión del programa"
    ),
    "the row of {video} in videos is taken, but not to be found by its {key}": (
        "la fila de {video} en videos está ocupada, pero no se encuentra por su {key}"
    ),
    "the local record {path} cannot be used: {why:said}": "no se puede usar la lista local {path}: {why}",
    "the database takes long to answer": "la base de datos tarda en responder",
    "nothing can be published: {why:said}": "no se puede publicar nada: {why}",
}
