"""Every text of the screen, in every language it speaks. A language is whole or the type checker says so."""

from dataclasses import dataclass

from ezrec_tui.model import Banner, BookingSource, BookingStatus, CameraState, JobState, JobStep


@dataclass(frozen=True)
class Texts:
    """One language. Braces are filled in with `str.format`."""

    language: str
    """Its own name."""
    other_language: str
    """The name of the next one, in that one."""
    decimal: str
    key_names: dict[str, str]
    """Keys that are not called as they are."""
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    """{weekday}, {day} and {month}, in the language's order."""

    # The banner
    banner: dict[Banner, str]
    stopped: str
    no_contact: str
    connecting: str
    nothing_recorded: str
    until: str
    from_to: str
    elapsed: str
    left: str
    over: str
    next_begins_in: str
    it_is: str
    nothing_coming: str
    resume_within: str
    resume_gone: str
    lost_first: str
    lost_meaning: str
    lost_recording: str
    lost_retry: str
    old_data: str
    alert_more: str
    alert_seen: str

    # Cameras
    cameras: str
    left_camera: str
    right_camera: str
    camera_n: str
    camera_state: dict[CameraState, str]
    no_cameras: str
    dropped: str
    growing: str
    not_growing: str
    offset: str
    picture_rate: str
    data_rate: str
    file: str

    # Next
    next: str
    no_bookings: str
    in_minutes: str
    in_hours: str
    in_days: str
    in_seconds: str
    now: str
    more: str

    # Jobs
    jobs: str
    no_jobs: str
    job_state: dict[JobState, str]
    job_step: dict[JobStep, str]
    time_left: str
    tries_again_in: str
    key_retries: str
    done_at: str
    without: str

    # Health
    all_well: str
    health: dict[str, str]
    health_wrong: str
    in_order: str

    # Lists
    place: str
    """{number} of {count}."""
    nothing_listed: str
    not_yet_known: str
    state: str
    step: str
    attempts: str
    why: str
    to_do: str
    did_without: str
    video_file: str
    url: str
    recorded_at: str
    finished_at: str
    next_try: str
    priority: str
    priority_is: str
    about_booking: str
    job_to_do: str
    job_done_without: str
    bookings_title: str
    booking_state: dict[BookingStatus, str]
    booking_over: str
    booking_coming: str
    source: str
    booking_source: dict[BookingSource, str]
    when: str
    whose: str
    email: str
    booking_id: str
    alerts_title: str
    no_alerts: str
    since: str
    log_title: str
    no_log: str
    log_source: str
    idle_hint: str
    idle_next: str

    # Keys: label in the footer, then what it does, for help
    home: str
    home_does: str
    jobs_does: str
    bookings: str
    bookings_does: str
    alerts: str
    alerts_does: str
    log: str
    log_does: str
    back: str
    back_does: str
    language_does: str
    sooner: str
    sooner_does: str
    later: str
    later_does: str
    cancel: str
    cancel_job_does: str
    cancel_booking_does: str
    help: str
    help_does: str
    start: str
    start_does: str
    extend: str
    extend_does: str
    highlight: str
    highlight_does: str
    retry: str
    retry_does: str
    swap: str
    swap_does: str
    acknowledge: str
    acknowledge_does: str
    stop: str
    stop_does: str
    resume: str
    resume_does: str
    quit: str
    quit_does: str

    # Why a key does nothing now
    not_live: str
    read_only: str
    busy: str
    nothing_to_stop: str
    nothing_to_resume: str
    nothing_to_retry: str
    nothing_to_acknowledge: str
    already_recording: str
    no_two_cameras: str
    not_in_line: str
    no_job_to_cancel: str
    no_booking_to_cancel: str

    # Dialogs
    which: str
    close: str
    start_title: str
    start_body: str
    start_name: str
    extend_title: str
    extend_body: str
    shorten_title: str
    shorten_body: str
    cancel_job_title: str
    cancel_job_body: str
    cancel_job_safe: str
    cancel_job_confirm: str
    cancel_booking_title: str
    cancel_booking_body: str
    cancel_booking_safe: str
    cancel_booking_confirm: str
    stop_title: str
    stop_body: str
    stop_safe: str
    stop_confirm: str
    swap_title: str
    swap_body: str
    swap_safe: str
    swap_confirm: str
    alert_title: str
    alert_to_do: str
    alert_confirm: str
    minutes: str
    hint_choose: str
    hint_name: str
    hint_question: str
    refused_title: str
    unknown_title: str
    unknown_body: str
    help_title: str
    help_screens: str
    help_everywhere: str
    help_only: str
    help_words: str
    help_moves: str
    help_moves_does: str
    banner_means: dict[Banner, str]


ENGLISH = Texts(
    language="English",
    other_language="Español",
    decimal=".",
    key_names={"delete": "Del", "plus": "+", "minus": "-", "escape": "Esc"},
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    day="{weekday} {day} {month}",
    banner={
        Banner.IDLE: "IDLE",
        Banner.ARMED: "ARMED",
        Banner.STARTING: "STARTING",
        Banner.RECORDING: "RECORDING",
        Banner.FINISHING: "FINISHING",
        Banner.ALERT: "ALERT",
    },
    stopped="STOPPED",
    no_contact="NO CONTACT",
    connecting="CONNECTING",
    nothing_recorded="Nothing is being recorded",
    until="until {end}",
    from_to="{start} to {end}",
    elapsed="elapsed",
    left="left",
    over="over time",
    next_begins_in="next begins in",
    it_is="it is",
    nothing_coming="No booking is coming",
    resume_within="{key} resumes it within",
    resume_gone="It can no longer be resumed",
    lost_first="Waiting for the engine. Nothing is known yet.",
    lost_meaning="The engine has not answered for {age}.",
    lost_recording="Last seen {state}: {label}. Whether it goes on is not known.",
    lost_retry="Trying again by itself. If this stays for a minute, call your technician.",
    old_data="what you see is {age} old",
    alert_more="{count} more",
    alert_seen="{key}: seen",
    cameras="Cameras",
    left_camera="Left camera",
    right_camera="Right camera",
    camera_n="Camera {number}",
    camera_state={
        CameraState.OFF: "off",
        CameraState.STARTING: "starting",
        CameraState.IDLE: "idle",
        CameraState.ARMED: "armed",
        CameraState.RECORDING: "recording",
        CameraState.STALLED: "NO PICTURES",
        CameraState.LOST: "LOST",
    },
    no_cameras="No camera is known.",
    dropped="dropped",
    growing="file grows",
    not_growing="FILE DOES NOT GROW",
    offset="offset",
    picture_rate="pictures",
    data_rate="data",
    file="file",
    next="Next",
    no_bookings="No booking is coming.",
    in_minutes="in {minutes} min",
    in_hours="in {hours} h {minutes:02} min",
    in_days="in {days} d {hours} h",
    in_seconds="in {seconds} s",
    now="now",
    more="{count} more",
    jobs="Videos",
    no_jobs="No video is being made.",
    job_state={
        JobState.QUEUED: "queued",
        JobState.RUNNING: "running",
        JobState.WAITING: "waiting",
        JobState.PAUSED: "paused",
        JobState.DONE: "done",
        JobState.FAILED: "FAILED",
        JobState.CANCELLED: "cancelled",
    },
    job_step={
        JobStep.FINALISE: "closing",
        JobStep.RENDER: "rendering",
        JobStep.UPLOAD: "uploading",
        JobStep.PUBLISH: "publishing",
        JobStep.CLEAN_UP: "tidying",
    },
    time_left="{time} left",
    tries_again_in="tries again in {time}",
    key_retries="{key} tries again",
    done_at="done {time}",
    without="without: {what}",
    all_well="All is well",
    health={
        "disk": "Disk",
        "writing": "Writing",
        "memory": "Memory",
        "cpu": "CPU",
        "temperature": "Temp.",
        "network": "Network",
        "clock": "Clock",
        "store": "Store",
        "database": "Database",
        "worker": "Videos",
    },
    health_wrong="not in order",
    in_order="ok",
    place="{number} of {count}",
    nothing_listed="Nothing is chosen.",
    not_yet_known="The engine is being asked.",
    state="state",
    step="step",
    attempts="tried",
    why="why",
    to_do="what to do",
    did_without="done without",
    video_file="video",
    url="address",
    recorded_at="since",
    finished_at="ended",
    next_try="next try",
    priority="turn",
    priority_is="{priority} (1 is first)",
    about_booking="booking",
    job_to_do="Mend what is named above, then press {key}. The footage is kept until the video is delivered.",
    job_done_without="The video is there; this is missing from it.",
    bookings_title="Bookings",
    booking_state={
        BookingStatus.SCHEDULED: "booked",
        BookingStatus.CONFIRMED: "confirmed",
        BookingStatus.STARTED: "started",
        BookingStatus.RECORDING: "recording",
        BookingStatus.RECORDING_FINISHED: "recorded",
        BookingStatus.ENDED: "ended",
        BookingStatus.PROCESSING: "rendering",
        BookingStatus.UPLOADING: "uploading",
        BookingStatus.COMPLETED: "delivered",
        BookingStatus.FAILED: "FAILED",
        BookingStatus.SKIPPED_MISSING_FILE: "NO FOOTAGE",
        BookingStatus.CANCELLED: "cancelled",
    },
    booking_over="over",
    booking_coming="to come",
    source="comes from",
    booking_source={
        BookingSource.FILE: "the local list",
        BookingSource.SUPABASE: "the app",
        BookingSource.OPERATOR: "this place",
    },
    when="when",
    whose="player",
    email="e-mail",
    booking_id="number",
    alerts_title="Open alerts",
    no_alerts="There is no alert. All that went wrong has been seen.",
    since="since",
    log_title="Log of the engine",
    no_log="Nothing is written there yet.",
    log_source="who",
    idle_hint="Any key shows the screen",
    idle_next="Next: {when}  {label}",
    home="Home",
    home_does="All at a glance.",
    jobs_does="Every video that is being made, and what failed.",
    bookings="Bookings",
    bookings_does="What is coming and what was.",
    alerts="Alerts",
    alerts_does="What went wrong, and what to do.",
    log="Log",
    log_does="What the engine wrote down, for the technician.",
    back="Back",
    back_does="Goes back to home.",
    language_does="Speaks Spanish.",
    sooner="Sooner",
    sooner_does="Makes the chosen video earlier.",
    later="Later",
    later_does="Makes the chosen video later.",
    cancel="Cancel",
    cancel_job_does="Gives up the chosen video. Asks first.",
    cancel_booking_does="Cancels the chosen booking. Asks first.",
    help="Help",
    help_does="This page.",
    start="Record",
    start_does="Records at once, without a booking.",
    extend="Length",
    extend_does="Makes the running recording longer or shorter.",
    highlight="Mark",
    highlight_does="Marks this moment of the recording.",
    retry="Retry",
    retry_does="Tries a video again that failed.",
    swap="Swap",
    swap_does="Swaps the left and the right camera. Asks first.",
    acknowledge="Seen",
    acknowledge_does="Shows an alert whole; takes it off the screen.",
    stop="Stop",
    stop_does="Stops the running recording. Asks first.",
    resume="Resume",
    resume_does="Takes a stop back, for ten seconds.",
    quit="Quit",
    quit_does="Leaves this screen. Recording goes on without it.",
    not_live="Not now: the engine does not answer.",
    read_only="This screen only looks on.",
    busy="One moment: the engine is still at the last one.",
    nothing_to_stop="Nothing is being recorded.",
    nothing_to_resume="Nothing was stopped in the last ten seconds.",
    nothing_to_retry="No video has failed.",
    nothing_to_acknowledge="There is no alert.",
    already_recording="A recording runs already; F3 makes it longer.",
    no_two_cameras="There are no two cameras to swap.",
    not_in_line="Only a video that waits for its turn can be moved.",
    no_job_to_cancel="There is nothing to give up: this video is over.",
    no_booking_to_cancel="Only a booking that has not begun can be cancelled.",
    which="Which one?",
    close="Close",
    start_title="Record now",
    start_body="Both cameras record at once, without a booking. For how long?",
    start_name="Name",
    extend_title="Longer or shorter",
    extend_body="{label} ends at {end}. By how much longer or shorter?",
    shorten_title="End the recording now?",
    shorten_body="{label} would end at once, instead of at {end}. What was recorded is kept.",
    cancel_job_title="Give up this video?",
    cancel_job_body="No video of {label} is made or delivered. What was recorded is kept on this machine.",
    cancel_job_safe="Go on with it",
    cancel_job_confirm="Give it up",
    cancel_booking_title="Cancel this booking?",
    cancel_booking_body="{label}, {when}, will not be recorded.",
    cancel_booking_safe="Leave it",
    cancel_booking_confirm="Cancel it",
    stop_title="Stop recording?",
    stop_body="{label} is being recorded until {end}. A stop can be taken back for ten seconds only.",
    stop_safe="Go on recording",
    stop_confirm="Stop recording",
    swap_title="Swap the cameras?",
    swap_body="Left becomes right and right becomes left, in every video from now on.",
    swap_safe="Leave them",
    swap_confirm="Swap them",
    alert_title="Alert of {at}",
    alert_to_do="What to do: {to_do}",
    alert_confirm="Seen",
    minutes="{minutes} min",
    hint_choose="← → choose, Enter takes it, Esc leaves.",
    hint_name="Type a name if you like, ← → choose, Enter records, Esc leaves.",
    hint_question="Enter or Esc: nothing changes.",
    refused_title="Not done",
    unknown_title="Not known whether it was done",
    unknown_body="The engine did not answer. Look at this screen again once it is back.",
    help_title="Help",
    help_screens="Screens",
    help_everywhere="Keys on every screen",
    help_only="Keys on: {places}",
    help_words="What the first word of the screen means",
    help_moves="↑ ↓",
    help_moves_does="Move in a list; Page up, Page down, Home and End as well.",
    banner_means={
        Banner.IDLE: "Nothing is recorded now.",
        Banner.ARMED: "A booking begins soon; the cameras are ready.",
        Banner.STARTING: "The cameras begin.",
        Banner.RECORDING: "Both cameras record.",
        Banner.FINISHING: "The end is being written.",
        Banner.ALERT: "Something is wrong while recording: look at it now.",
    },
)

SPANISH = Texts(
    language="Español",
    other_language="English",
    decimal=",",
    key_names={"delete": "Supr", "plus": "+", "minus": "-", "escape": "Esc"},
    weekdays=("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    months=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    day="{weekday} {day} {month}",
    banner={
        Banner.IDLE: "EN ESPERA",
        Banner.ARMED: "LISTO",
        Banner.STARTING: "EMPEZANDO",
        Banner.RECORDING: "GRABANDO",
        Banner.FINISHING: "TERMINANDO",
        Banner.ALERT: "ALERTA",
    },
    stopped="PARADO",
    no_contact="SIN CONTACTO",
    connecting="CONECTANDO",
    nothing_recorded="No se está grabando nada",
    until="hasta las {end}",
    from_to="{start} a {end}",
    elapsed="transcurrido",
    left="falta",
    over="de más",
    next_begins_in="la próxima empieza en",
    it_is="son las",
    nothing_coming="No hay próximas reservas",
    resume_within="{key} la reanuda durante",
    resume_gone="Ya no se puede reanudar",
    lost_first="Esperando al motor. Todavía no se sabe nada.",
    lost_meaning="El motor no responde desde hace {age}.",
    lost_recording="Visto por última vez {state}: {label}. No se sabe si continúa.",
    lost_retry="Se vuelve a intentar solo. Si dura más de un minuto, llame al técnico.",
    old_data="lo que se ve es de hace {age}",
    alert_more="{count} más",
    alert_seen="{key}: visto",
    cameras="Cámaras",
    left_camera="Cámara izquierda",
    right_camera="Cámara derecha",
    camera_n="Cámara {number}",
    camera_state={
        CameraState.OFF: "apagada",
        CameraState.STARTING: "arrancando",
        CameraState.IDLE: "en espera",
        CameraState.ARMED: "lista",
        CameraState.RECORDING: "grabando",
        CameraState.STALLED: "SIN IMAGEN",
        CameraState.LOST: "PERDIDA",
    },
    no_cameras="No se conoce ninguna cámara.",
    dropped="perdidas",
    growing="el archivo crece",
    not_growing="EL ARCHIVO NO CRECE",
    offset="desfase",
    picture_rate="imágenes",
    data_rate="datos",
    file="archivo",
    next="Próximas",
    no_bookings="No hay próximas reservas.",
    in_minutes="en {minutes} min",
    in_hours="en {hours} h {minutes:02} min",
    in_days="en {days} d {hours} h",
    in_seconds="en {seconds} s",
    now="ahora",
    more="{count} más",
    jobs="Vídeos",
    no_jobs="No se está haciendo ningún vídeo.",
    job_state={
        JobState.QUEUED: "en cola",
        JobState.RUNNING: "en marcha",
        JobState.WAITING: "espera",
        JobState.PAUSED: "en pausa",
        JobState.DONE: "hecho",
        JobState.FAILED: "FALLIDO",
        JobState.CANCELLED: "cancelado",
    },
    job_step={
        JobStep.FINALISE: "cerrando",
        JobStep.RENDER: "montando",
        JobStep.UPLOAD: "subiendo",
        JobStep.PUBLISH: "publicando",
        JobStep.CLEAN_UP: "ordenando",
    },
    time_left="faltan {time}",
    tries_again_in="reintenta en {time}",
    key_retries="{key} reintenta",
    done_at="hecho {time}",
    without="sin: {what}",
    all_well="Todo en orden",
    health={
        "disk": "Disco",
        "writing": "Escritura",
        "memory": "Memoria",
        "cpu": "CPU",
        "temperature": "Temp.",
        "network": "Red",
        "clock": "Reloj",
        "store": "Almacén",
        "database": "Datos",
        "worker": "Vídeos",
    },
    health_wrong="no está en orden",
    in_order="bien",
    place="{number} de {count}",
    nothing_listed="No hay nada elegido.",
    not_yet_known="Se pregunta al motor.",
    state="estado",
    step="paso",
    attempts="intentos",
    why="por qué",
    to_do="qué hacer",
    did_without="hecho sin",
    video_file="vídeo",
    url="dirección",
    recorded_at="desde",
    finished_at="terminó",
    next_try="reintento",
    priority="turno",
    priority_is="{priority} (1 es el primero)",
    about_booking="reserva",
    job_to_do="Arregle lo de arriba y pulse {key}. La grabación se conserva hasta entregar el vídeo.",
    job_done_without="El vídeo está; esto falta en él.",
    bookings_title="Reservas",
    booking_state={
        BookingStatus.SCHEDULED: "reservada",
        BookingStatus.CONFIRMED: "confirmada",
        BookingStatus.STARTED: "empezada",
        BookingStatus.RECORDING: "grabando",
        BookingStatus.RECORDING_FINISHED: "grabada",
        BookingStatus.ENDED: "terminada",
        BookingStatus.PROCESSING: "montando",
        BookingStatus.UPLOADING: "subiendo",
        BookingStatus.COMPLETED: "entregada",
        BookingStatus.FAILED: "FALLIDA",
        BookingStatus.SKIPPED_MISSING_FILE: "SIN IMÁGENES",
        BookingStatus.CANCELLED: "cancelada",
    },
    booking_over="pasada",
    booking_coming="por venir",
    source="viene de",
    booking_source={
        BookingSource.FILE: "la lista local",
        BookingSource.SUPABASE: "la app",
        BookingSource.OPERATOR: "aquí mismo",
    },
    when="cuándo",
    whose="jugador",
    email="correo",
    booking_id="número",
    alerts_title="Alertas abiertas",
    no_alerts="No hay ninguna alerta. Todo lo que falló está visto.",
    since="desde",
    log_title="Registro del motor",
    no_log="Todavía no hay nada escrito.",
    log_source="quién",
    idle_hint="Cualquier tecla muestra la pantalla",
    idle_next="Próxima: {when}  {label}",
    home="Inicio",
    home_does="Todo de un vistazo.",
    jobs_does="Los vídeos que se hacen, y lo que falló.",
    bookings="Reservas",
    bookings_does="Lo que viene y lo que hubo.",
    alerts="Alertas",
    alerts_does="Lo que va mal, y qué hacer.",
    log="Registro",
    log_does="Lo que apuntó el motor, para el técnico.",
    back="Volver",
    back_does="Vuelve al inicio.",
    language_does="Habla inglés.",
    sooner="Antes",
    sooner_does="Hace antes el vídeo elegido.",
    later="Después",
    later_does="Hace después el vídeo elegido.",
    cancel="Cancelar",
    cancel_job_does="Abandona el vídeo elegido. Pregunta antes.",
    cancel_booking_does="Cancela la reserva elegida. Pregunta antes.",
    help="Ayuda",
    help_does="Esta página.",
    start="Grabar",
    start_does="Graba ahora mismo, sin reserva.",
    extend="Tiempo",
    extend_does="Alarga o acorta la grabación.",
    highlight="Marca",
    highlight_does="Marca este momento de la grabación.",
    retry="Repetir",
    retry_does="Vuelve a intentar un vídeo que falló.",
    swap="Cambiar",
    swap_does="Cambia izquierda por derecha. Pregunta antes.",
    acknowledge="Visto",
    acknowledge_does="Muestra una alerta entera; la quita al verla.",
    stop="Parar",
    stop_does="Para la grabación. Pregunta antes.",
    resume="Seguir",
    resume_does="Deshace una parada, durante diez segundos.",
    quit="Salir",
    quit_does="Sale de la pantalla. La grabación continúa.",
    not_live="Ahora no: el motor no responde.",
    read_only="Esta pantalla es solo para mirar.",
    busy="Un momento: el motor sigue con lo anterior.",
    nothing_to_stop="No se está grabando nada.",
    nothing_to_resume="No se ha parado nada en los últimos diez segundos.",
    nothing_to_retry="Ningún vídeo ha fallado.",
    nothing_to_acknowledge="No hay ninguna alerta.",
    already_recording="Ya hay una grabación en marcha; F3 la alarga.",
    no_two_cameras="No hay dos cámaras que cambiar.",
    not_in_line="Solo se mueve un vídeo que espera su turno.",
    no_job_to_cancel="No hay nada que abandonar: este vídeo ya terminó.",
    no_booking_to_cancel="Solo se cancela una reserva que no ha empezado.",
    which="¿Cuál?",
    close="Cerrar",
    start_title="Grabar ahora",
    start_body="Las dos cámaras graban ahora mismo, sin reserva. ¿Cuánto tiempo?",
    start_name="Nombre",
    extend_title="Más o menos tiempo",
    extend_body="{label} termina a las {end}. ¿Cuánto más o menos?",
    shorten_title="¿Terminar la grabación ya?",
    shorten_body="{label} terminaría ahora mismo y no a las {end}. Lo grabado se conserva.",
    cancel_job_title="¿Abandonar este vídeo?",
    cancel_job_body="No se hace ni se entrega el vídeo de {label}. Lo grabado se conserva en esta máquina.",
    cancel_job_safe="Seguir con él",
    cancel_job_confirm="Sí, abandonarlo",
    cancel_booking_title="¿Cancelar esta reserva?",
    cancel_booking_body="{label}, {when}, no se grabará.",
    cancel_booking_safe="Dejarla",
    cancel_booking_confirm="Sí, cancelarla",
    stop_title="¿Parar la grabación?",
    stop_body="Se está grabando {label} hasta las {end}. Solo se puede deshacer durante diez segundos.",
    stop_safe="Seguir grabando",
    stop_confirm="Sí, parar",
    swap_title="¿Cambiar las cámaras?",
    swap_body="La izquierda pasa a ser la derecha y al revés, en todos los vídeos desde ahora.",
    swap_safe="Dejarlas",
    swap_confirm="Sí, cambiarlas",
    alert_title="Alerta de las {at}",
    alert_to_do="Qué hacer: {to_do}",
    alert_confirm="Visto",
    minutes="{minutes} min",
    hint_choose="← → elige, Intro acepta, Esc sale.",
    hint_name="Escriba un nombre si quiere, ← → elige, Intro graba, Esc sale.",
    hint_question="Intro o Esc: no cambia nada.",
    refused_title="No se ha hecho",
    unknown_title="No se sabe si se ha hecho",
    unknown_body="El motor no ha respondido. Mire de nuevo esta pantalla cuando vuelva.",
    help_title="Ayuda",
    help_screens="Pantallas",
    help_everywhere="Teclas en todas las pantallas",
    help_only="Teclas en: {places}",
    help_words="Qué significa la primera palabra de la pantalla",
    help_moves="↑ ↓",
    help_moves_does="Mueven en una lista; también RePág, AvPág, Inicio y Fin.",
    banner_means={
        Banner.IDLE: "Ahora no se graba nada.",
        Banner.ARMED: "Una reserva empieza pronto; las cámaras están listas.",
        Banner.STARTING: "Las cámaras empiezan.",
        Banner.RECORDING: "Las dos cámaras graban.",
        Banner.FINISHING: "Se escribe el final.",
        Banner.ALERT: "Algo va mal mientras se graba: mírelo ya.",
    },
)

LANGUAGES = {"en": ENGLISH, "es": SPANISH}
