"""What the engine answers to acts, and its alerts, in Spanish."""

ENGINE = {
    # Acts, and what became of them
    "recording {label} for {minutes:number} minute": "grabando {label} durante {minutes} minuto",
    "recording {label} for {minutes:number} minutes": "grabando {label} durante {minutes} minutos",
    "{booking} is not being recorded": "{booking} no se está grabando",
    "{label} stopped; resume within {seconds:number} s": "{label}: parada; se puede seguir durante {seconds} s",
    "{booking} cannot be resumed any more": "{booking} ya no se puede reanudar",
    "{label} goes on; nothing was lost": "{label} sigue; no se ha perdido nada",
    "{label} ends at {time}": "{label} termina a las {time}",
    "moment marked in {label}": "momento marcado en {label}",
    "it is in the year {year:number}": "es del año {year}",
    "the id holds characters that cannot be printed": "el número tiene caracteres que no se pueden mostrar",
    "the end is not after the start": "el final no es posterior al comienzo",
    "the slot is over already": "ese turno ya ha pasado",
    "there is a booking {booking} already": "ya hay una reserva {booking}",
    "{label} is booked": "{label}: reserva hecha",
    "there is no booking {booking}": "no hay ninguna reserva {booking}",
    "{label} is being recorded; stop it instead": "{label} se está grabando; hay que pararla",
    "{label} is cancelled": "{label}: reserva cancelada",
    "there is one camera only": "solo hay una cámara",
    "left and right are swapped": "izquierda y derecha están cambiadas",
    "left and right as set up": "izquierda y derecha como al principio",
    "there is no open alert {alert:number}": "no hay ninguna alerta abierta {alert}",
    "alert {alert:number} acknowledged by {by}": "alerta {alert} vista por {by}",
    "the disk does not take it ({why:said}): make room, and try again": (
        "el disco no lo admite ({why}): hacer sitio y repetir"
    ),
    "there is no job for {booking}": "no hay ningún vídeo de {booking}",
    "there is no job for {booking}; `ezrec jobs list` lists them": (
        "no hay ningún vídeo de {booking}; `ezrec jobs list` los enumera"
    ),
    "{label} is tried again": "{label}: se vuelve a intentar",
    "{label} is paused": "{label}: vídeo en pausa",
    "{label} goes on": "{label} sigue",
    "{label} cannot be paused: it is {state:said}": "{label} no se puede poner en pausa: está {state}",
    "{label} is paused already": "{label} ya está en pausa",
    "{label} is not paused by anybody: it is {state:said}": "nadie ha puesto {label} en pausa: está {state}",
    "{label} is cancelled; its footage is kept for {days:number} days, and then deleted": (
        "{label}: vídeo abandonado; lo grabado se conserva {days} días, y después se borra"
    ),
    "{label} cannot be tried again: its footage was deleted": "{label} no se puede repetir: lo grabado ya se borró",
    "{label} has priority {priority:number} already": "{label} ya tiene el turno {priority}",
    "{label} has priority {priority:number} now": "{label} tiene ahora el turno {priority}",
    "the worker is starting again; try in a moment": (
        "el taller de vídeos vuelve a arrancar; repetir dentro de un momento"
    ),
    "the worker does not answer; try again": "el taller de vídeos no responde; repetir",
    "{label} has not failed: it is {state:said}": "{label} no ha fallado: está {state}",
    "{label} cannot be cancelled: it is {state:said}": "{label} no se puede abandonar: está {state}",
    "{label} ended before it could be cancelled": "{label} terminó antes de poder abandonarlo",
    "{label} needs no priority: it is {state:said}": "{label} no necesita turno: está {state}",
    "there is no job for booking {booking}": "no hay ningún vídeo de la reserva {booking}",
    "{label} is still being ended; try again in a moment": (
        "{label} todavía está terminando; repetir dentro de un momento"
    ),
    "that failed: {why:said}": "eso ha fallado: {why}",
    "no PIN is set": "no hay ningún PIN puesto",
    "a link to the video of {label}": "un enlace al vídeo de {label}",
    "the PIN is right": "el PIN es correcto",
    "wrong PIN, {left:number} try left": "PIN incorrecto, queda {left} intento",
    "wrong PIN, {left:number} tries left": "PIN incorrecto, quedan {left} intentos",
    "too many wrong PINs: try again in {seconds:number} s": (
        "demasiados PIN incorrectos: repetir dentro de {seconds} s"
    ),
    "{label} is being recorded": "se está grabando {label}",
    "recording {seconds:number} s of each camera": "grabando {seconds} s de cada cámara",
    "looking at {seconds:number} s of each camera": "mirando {seconds} s de cada cámara",
    "looking at the footage of {label}": "mirando lo grabado de {label}",
    "there is no footage of {label}": "no hay nada grabado de {label}",
    "videos from now on: {method}": "vídeos desde ahora: {method}",
    "queued": "en cola",
    "running": "en marcha",
    "waiting": "en espera",
    "paused": "en pausa",
    "done": "hecho",
    "failed": "fallido",
    "cancelled": "cancelado",
    "start": "grabar",
    "stop": "parar",
    "resume": "reanudar",
    "extend": "alargar",
    "highlight": "marcar",
    "book": "reservar",
    "acknowledge": "ver alerta",
    "check PIN": "comprobar PIN",
    "test cameras": "probar cámaras",
    "cancel booking": "cancelar reserva",
    "retry job": "repetir vídeo",
    "cancel job": "abandonar vídeo",
    "prioritise job": "cambiar turno",
    "pause job": "pausar vídeo",
    "resume job": "seguir con el vídeo",
    "link": "enlace",
    "swap cameras": "cambiar cámaras",
    "calibrate": "calibrar",
    "set method": "elegir unión",
    # Alerts of the engine
    "mend that row; the other bookings are not touched by it": "arreglar esa fila; a las demás reservas no les afecta",
    "camera {camera:number}: its recorder ends again and again": (
        "cámara {camera}: su grabador se cierra una y otra vez"
    ),
    "check the camera's cable; the log says why; it is tried again every half minute": (
        "revisar el cable de la cámara; el registro dice por qué; se reintenta cada medio minuto"
    ),
    "the worker ends again and again": "el taller de vídeos se cierra una y otra vez",
    "the log says why; recording goes on, videos wait": (
        "el registro dice por qué; se sigue grabando, los vídeos esperan"
    ),
    "no video of {label} yet: {why:said}": "todavía no hay vídeo de {label}: {why}",
    "no video of {label} yet: the job failed": "todavía no hay vídeo de {label}: el trabajo ha fallado",
    "mend the cause, then try the job again; the footage is kept": (
        "arreglar la causa y repetir el vídeo; lo grabado se conserva"
    ),
    "the video of {label}: {what:said}": "el vídeo de {label}: {what}",
    "look at the video; unless the power failed then, check that camera's cable": (
        "mirar el vídeo; si no se fue la luz entonces, revisar el cable de esa cámara"
    ),
    "the event {event} cannot be written: {why:said}": "no se puede escribir el suceso {event}: {why}",
    "mend the data folder": "arreglar la carpeta de datos",
    "camera {camera:number}: {what:said}": "cámara {camera}: {what}",
    "camera {camera:number} did not close its recording in time": "la cámara {camera} no cerró su grabación a tiempo",
    "nothing; what it wrote is used": "nada; se usa lo que escribió",
    "{label} cannot be recorded: the disk is full": "{label} no se puede grabar: el disco está lleno",
    "{label} cannot be recorded: {folder}: {why:said}": "{label} no se puede grabar: {folder}: {why}",
    "make room on the disk: move old recordings and videos to another one": (
        "hacer sitio en el disco: llevar grabaciones y vídeos antiguos a otro"
    ),
    "{to_do:said}; it then begins by itself": "{to_do}; después empieza sola",
    "{to_do:said}; it then goes on by itself, and what it has so far becomes its video": (
        "{to_do}; después sigue sola, y lo que hay hasta ahora irá a su vídeo"
    ),
    "make room on the disk or mend the folder's rights; it starts by itself then": (
        "hacer sitio en el disco o arreglar los permisos de la carpeta; entonces empieza sola"
    ),
    "the recording of {label} stopped at {time}: the disk is full": (
        "la grabación de {label} se paró a las {time}: el disco está lleno"
    ),
    "the manifest of {label} cannot be written: {why:said}": "no se puede escribir la ficha de {label}: {why}",
    "make room on the disk; the footage itself is written apart": (
        "hacer sitio en el disco; las imágenes se escriben aparte"
    ),
    "the recording of {label} cannot be read: {why:said}": "no se puede leer la grabación de {label}: {why}",
    "mend the disk or the folder's rights, then start the engine again": (
        "arreglar el disco o los permisos de la carpeta y volver a arrancar el motor"
    ),
    "the manifest of {label} was made anew: {why:said}": "se ha rehecho la ficha de {label}: {why}",
    "nothing: its footage is whole; look at the disk if it happens again": (
        "nada: lo grabado está entero; revisar el disco si se repite"
    ),
    "{folder} is not where the recording of {booking} belongs": "{folder} no es el sitio de la grabación de {booking}",
    "{folder}: {booking} was recorded in {other} as well": "{folder}: {booking} también se grabó en {other}",
    "{folder} holds no segment": "{folder} no tiene ningún trozo grabado",
    "a folder that is no recording is left as it is: {why:said}": (
        "se deja como está una carpeta que no es una grabación: {why}"
    ),
    "look at it, and delete it if nothing in it is wanted": "mirarla, y borrarla si no hace falta nada de ella",
    "a recording that was not known is taken up: {label}": "se retoma una grabación que no se conocía: {label}",
    "nothing: it goes on, or its video is made": "nada: sigue grabándose, o se hace su vídeo",
    "no manifest in {folder}: is it the folder of a recording?": (
        "no hay ficha en {folder}: ¿es la carpeta de una grabación?"
    ),
    "{path} cannot be read ({why:said}): mend its rights or its disk": (
        "{path} no se puede leer ({why}): arreglar sus permisos o su disco"
    ),
    "{path} is no manifest ({where:said}: {why}): run `ezrec check --repair`; the segments are kept": (
        "{path} no es una ficha ({where}: {why}): ejecutar `ezrec check --repair`; los trozos se conservan"
    ),
    "the file": "el archivo",
    "{folder} holds no segment: look at it, and delete it if nothing in it is wanted": (
        "{folder} no tiene ningún trozo grabado: mirarla, y borrarla si no hace falta nada de ella"
    ),
    "the database {name} was damaged ({why:said}); it is kept as {aside}, and a new one begun": (
        "la base de datos {name} estaba dañada ({why}); se guarda como {aside} y se empieza otra"
    ),
    "pages of it are wrong": "tiene páginas dañadas",
    "nothing: recordings are found again by their folders; bookings made here are lost": (
        "nada: las grabaciones se encuentran por sus carpetas; las reservas hechas aquí se han perdido"
    ),
    "look in the venue's app for the last videos; what was not sent yet is lost": (
        "buscar en la app del local los últimos vídeos; lo que no se había enviado se ha perdido"
    ),
    "nothing: what is kept here is known again from the jobs": (
        "nada: lo que hay aquí se vuelve a saber por los trabajos"
    ),
    "nothing: videos that were not published are made again": "nada: los vídeos que no se publicaron se hacen de nuevo",
    "nothing: the videos are where they were delivered; the list of them begins anew": (
        "nada: los vídeos están donde se entregaron; su lista empieza de nuevo"
    ),
    "the API cannot listen on {address}: {why:said}": "la API no puede escuchar en {address}: {why}",
    "check EZREC_API_LISTEN and the network; it is tried again every few seconds": (
        "revisar EZREC_API_LISTEN y la red; se repite cada pocos segundos"
    ),
    "a wrong PIN was entered {times:number} times": "se ha escrito un PIN incorrecto {times} veces",
    "ask who it was: the list of acts says when, and by whom; the right PIN works again after the wait": (
        "preguntar quién fue: la lista de actos dice cuándo y quién; el PIN correcto vuelve a valer tras la espera"
    ),
    # The disk, the machine, and what is seen coming
    "{left:said} of recording left; make room in {folder}": "sitio para {left} de grabación; hacer más en {folder}",
    "{hours:number} h": "{hours} h",
    "{minutes:number} min": "{minutes} min",
    "make room in {folder}: move old recordings and videos to another disk": (
        "hacer sitio en {folder}: llevar grabaciones y vídeos antiguos a otro disco"
    ),
    "the disk is full: nothing is recorded until there is room": (
        "el disco está lleno: no se graba nada hasta que haya sitio"
    ),
    "{to_do:said}; recording then goes on by itself": "{to_do}; después se sigue grabando solo",
    "less than {hours:number} hours of recording fit on the disk": (
        "caben menos de {hours} horas de grabación en el disco"
    ),
    "the disk fills up and nothing more may be deleted: {why:said}": (
        "el disco se llena y no se puede borrar nada más: {why}"
    ),
    "see that the videos are delivered, or move other files to another disk": (
        "ver que los vídeos se entreguen, o llevar otros archivos a otro disco"
    ),
    "{count:number} recording has to stay: not delivered yet or only just, or given up not long ago": (
        "{count} grabación tiene que quedarse: aún no se ha entregado, acaba de entregarse, o se abandonó hace poco"
    ),
    "{count:number} recordings have to stay: not delivered yet or only just, or given up not long ago": (
        "{count} grabaciones tienen que quedarse: aún no se han entregado, acaban de entregarse,"
        " o se abandonaron hace poco"
    ),
    "more than half of what is kept would be gone within an hour": (
        "en una hora desaparecería más de la mitad de lo guardado"
    ),
    "other files fill the disk, or videos that were delivered to a folder on it": (
        "llenan el disco otros archivos, o vídeos entregados a una carpeta del mismo disco"
    ),
    "what may go cannot be deleted: {path}: {why:said}": "lo que puede borrarse no se deja borrar: {path}: {why}",
    "the store does not say whether it has the videos: {why:said}": ("el almacén no dice si tiene los vídeos: {why}"),
    "the journal of deletions cannot be written: {why:said}": "no se puede escribir el diario de borrados: {why}",
    "the store does not prove to have the video of {label} any more: {why:said}": (
        "el almacén ya no demuestra que tiene el vídeo de {label}: {why}"
    ),
    "its files here are kept; look at what lies in the store at {key}": (
        "sus archivos se quedan aquí; mirar lo que hay en el almacén en {key}"
    ),
    "there is no video here to compare it with": "aquí no hay vídeo con el que compararlo",
    "what lies there is not the video that is here, or nothing does": (
        "lo que hay allí no es el vídeo que hay aquí, o no hay nada"
    ),
    "the video is not the one that was made: its SHA-256 differs": (
        "el vídeo no es el que se hizo: su SHA-256 es otro"
    ),
    "{folder} does not answer": "{folder} no responde",
    "{why:said}; check that the disk is there": "{why}; comprobar que el disco está puesto",
    "check that the disk is there and well; the log of the system says more": (
        "comprobar que el disco está puesto y en buen estado; el registro del sistema dice más"
    ),
    "the disk fails: {why:said}": "el disco falla: {why}",
    "{path} cannot be written: {why:said}": "no se puede escribir {path}: {why}",
    "the store is out of reach: {why:said}": "no se llega al almacén: {why}",
    "check the network; videos wait here, and go by themselves": (
        "comprobar la red; los vídeos esperan aquí, y salen solos"
    ),
    "the database is out of reach: {why:said}": "no se llega a la base de datos: {why}",
    "check the network; what is booked meanwhile is not known here, all else goes on": (
        "comprobar la red; lo que se reserve entretanto no se sabe aquí, lo demás sigue"
    ),
    "memory runs short": "queda poca memoria",
    "there is hardly any memory left": "apenas queda memoria",
    "end other programs on this machine; if there are none, start it again when nothing is recorded": (
        "cerrar otros programas de esta máquina; si no los hay, reiniciarla cuando no se grabe nada"
    ),
    "the processor is busy with something other than videos": "el procesador está ocupado con algo que no son vídeos",
    "end other programs on this machine": "cerrar otros programas de esta máquina",
    "the machine gets hot": "la máquina se calienta",
    "the machine is too hot and slows down": "la máquina está demasiado caliente y se frena",
    "give it air, and look whether its fan turns": "darle aire, y mirar si gira el ventilador",
    "use the power supply that is made for this machine, and a short cable; unplug what it feeds by USB": (
        "usar la fuente de alimentación propia de esta máquina, y un cable corto; desenchufar lo que alimenta por USB"
    ),
    "the power is too weak: the machine may fail at any moment": (
        "la corriente es demasiado débil: la máquina puede fallar en cualquier momento"
    ),
    "the power was too weak at times since the machine was started": (
        "la corriente fue demasiado débil a ratos desde que se encendió la máquina"
    ),
    "the processor is slowed down, for its heat or for weak power": (
        "el procesador va frenado, por calor o por falta de corriente"
    ),
    "give it air, and use the power supply made for it": "darle aire, y usar su propia fuente de alimentación",
    "this machine has no network; recording goes on, and videos wait": (
        "esta máquina no tiene red; se sigue grabando, y los vídeos esperan"
    ),
    "check the network's cable, or the Wi-Fi, and the router": "comprobar el cable de red, o la wifi, y el router",
    "no time server has set this machine's clock": "ningún servidor de hora ha puesto en hora esta máquina",
    "look whether the time shown here is right: recordings start by it; a network sets it by itself": (
        "mirar si es correcta la hora que se ve aquí: las grabaciones empiezan según ella; con red se pone sola"
    ),
    "{seconds:number} s of footage wait for the disk; {to_do:said}": (
        "{seconds} s de imágenes esperan al disco; {to_do}"
    ),
    "the disk is too slow: footage waits for it; nothing is lost yet": (
        "el disco va lento: las imágenes lo esperan; aún no se ha perdido nada"
    ),
    "the disk does not take the footage: what cannot wait any longer is lost": (
        "el disco no admite las imágenes: lo que no puede esperar más se pierde"
    ),
    "end other programs that write; if it stays so, the disk or card is failing: replace it": (
        "cerrar otros programas que escriban; si sigue así, el disco o la tarjeta falla: cambiarlo"
    ),
    "{label} starts in less than {lead:said} and camera {camera:number} is not well: {why:said}": (
        "{label} empieza en menos de {lead} y la cámara {camera} no está bien: {why}"
    ),
    "10 minutes": "10 minutos",
    "1 hour": "1 hora",
    "24 hours": "24 horas",
    "check the camera's cable and power; this goes away by itself when the camera is back": (
        "revisar el cable y la corriente de la cámara; esto se quita solo cuando vuelva"
    ),
    "it gives no picture": "no da imagen",
    "camera {camera:number} is missing in the recording of {label}: {why:said}": (
        "falta la cámara {camera} en la grabación de {label}: {why}"
    ),
    "check the camera's cable and power; it goes on in the same recording by itself when it is back": (
        "revisar el cable y la corriente de la cámara; cuando vuelva, sigue sola en la misma grabación"
    ),
    # The line to the engine
    "the engine answered {status:number} to {method} {path}": "el motor respondió {status} a {method} {path}",
    "the engine answered {status} to GET /v1/events": "el motor respondió {status} a GET /v1/events",
    "the stream of the engine broke": "se cortó la señal del motor",
    "the engine ended the stream": "el motor terminó la señal",
    "the engine has been silent for {seconds:number} s": "el motor no dice nada desde hace {seconds} s",
    "no engine answers on {socket}": "ningún motor responde en {socket}",
    "the answer": "la respuesta",
    "the engine speaks another version of its API ({where:said}: {why})": (
        "el motor habla otra versión de su API ({where}: {why})"
    ),
    "the engine sends a line without an end": "el motor envía una línea sin final",
}
