"""Every text of the screen, in every language it speaks. A language is whole or the type checker says so."""

from dataclasses import dataclass

from ezrec_tui.model import Banner, CameraState, JobState, JobStep


@dataclass(frozen=True)
class Texts:
    """One language. Braces are filled in with `str.format`."""

    decimal: str
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
    and_more: str
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

    # Keys: label in the footer, then what it does, for help
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

    # Dialogs
    which: str
    close: str
    start_title: str
    start_body: str
    extend_title: str
    extend_body: str
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
    hint_question: str
    refused_title: str
    unknown_title: str
    unknown_body: str
    help_title: str
    help_keys: str
    help_close: str


ENGLISH = Texts(
    decimal=".",
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
    and_more="{label} and {count} more",
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
    help="Help",
    help_does="This page.",
    start="Record",
    start_does="Records at once, without a booking.",
    extend="Extend",
    extend_does="Lets the running recording go on for longer.",
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
    already_recording="A recording runs already; it can be extended.",
    no_two_cameras="There are no two cameras to swap.",
    which="Which one?",
    close="Close",
    start_title="Record now",
    start_body="Both cameras record at once, without a booking. For how long?",
    extend_title="Extend",
    extend_body="{label} ends at {end}. By how much longer?",
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
    hint_question="Enter or Esc: nothing changes.",
    refused_title="Not done",
    unknown_title="Not known whether it was done",
    unknown_body="The engine did not answer. Look at this screen again once it is back.",
    help_title="Help",
    help_keys="Keys",
    help_close="Enter or Esc closes this page.",
)

SPANISH = Texts(
    decimal=",",
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
    and_more="{label} y {count} más",
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
    help="Ayuda",
    help_does="Esta página.",
    start="Grabar",
    start_does="Graba ahora mismo, sin reserva.",
    extend="Alargar",
    extend_does="Deja que la grabación dure más.",
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
    already_recording="Ya hay una grabación en marcha; se puede alargar.",
    no_two_cameras="No hay dos cámaras que cambiar.",
    which="¿Cuál?",
    close="Cerrar",
    start_title="Grabar ahora",
    start_body="Las dos cámaras graban ahora mismo, sin reserva. ¿Cuánto tiempo?",
    extend_title="Alargar",
    extend_body="{label} termina a las {end}. ¿Cuánto más?",
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
    hint_question="Intro o Esc: no cambia nada.",
    refused_title="No se ha hecho",
    unknown_title="No se sabe si se ha hecho",
    unknown_body="El motor no ha respondido. Mire de nuevo esta pantalla cuando vuelva.",
    help_title="Ayuda",
    help_keys="Teclas",
    help_close="Intro o Esc cierra esta página.",
)

LANGUAGES = {"en": ENGLISH, "es": SPANISH}
