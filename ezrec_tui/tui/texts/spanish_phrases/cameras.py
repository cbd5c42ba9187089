"""What cameras and their recorders say, in Spanish."""

CAMERAS = {
    "the recorder is starting again": "el grabador vuelve a arrancar",
    "its recorder {why:said}": "su grabador {why}",
    "hangs in the kernel and cannot be ended": "está colgado en el sistema y no se puede cerrar",
    "the recorder does not answer": "el grabador no responde",
    "the recorder (process {process:number}) {why:said}; the camera is started again when it is gone": (
        "el grabador (proceso {process}) {why}; la cámara vuelve a arrancar cuando desaparezca"
    ),
    "check the camera's cable, then start the machine again": "revisar el cable de la cámara y reiniciar la máquina",
    "nothing more; it is tried again by itself": "nada más; se reintenta solo",
    "no frame for {seconds:number} s": "ningún fotograma durante {seconds} s",
    "no picture for {seconds:number} s": "ninguna imagen durante {seconds} s",
    "nothing; the camera is opened again by itself": "nada; la cámara se vuelve a abrir sola",
    "the camera {serial} hangs; its recorder is started again": (
        "la cámara {serial} está colgada; su grabador vuelve a arrancar"
    ),
    "if it stays so, switch the machine off and check the cable": "si sigue así, apagar la máquina y revisar el cable",
    "cannot write to {folder}: {why:said}": "no se puede escribir en {folder}: {why}",
    "make room on the disk; the recording goes on by itself": "hacer sitio en el disco; la grabación sigue sola",
    "check the disk and the folder's rights; the recording goes on by itself when it can be written again": (
        "revisar el disco y los permisos de la carpeta; la grabación sigue sola cuando se pueda volver a escribir"
    ),
    "no H.264 at {width:number}x{height:number}, {fps:number} fps, {bitrate:number} bit/s: {why:said}; set "
    "RESOLUTION, RECORDING_FPS and RECORDING_BITRATE to usual values": (
        "no hay H.264 a {width}x{height}, {fps} fps, {bitrate} bit/s: {why}; poner valores habituales en "
        "RESOLUTION, RECORDING_FPS y RECORDING_BITRATE"
    ),
    "the H.264 encoder failed: {why:said}; start the camera again": (
        "ha fallado el codificador H.264: {why}; volver a arrancar la cámara"
    ),
    "file:{path}: {what:said}; {to_do:said}": "file:{path}: {what}; {to_do}",
    "there is no picture in it that could be shown": "no tiene ninguna imagen que se pueda mostrar",
    "export it again, as an MP4": "exportarlo de nuevo, como MP4",
    "there is no such file": "no existe ese archivo",
    "put it there, or change CAMERA_0_SERIAL / _1_SERIAL": "ponerlo ahí, o cambiar CAMERA_0_SERIAL / _1_SERIAL",
    "not a video that can be read ({why:said})": "no es un vídeo que se pueda leer ({why})",
    "there is no picture in it": "no tiene ninguna imagen",
    "give a file with a video track": "dar un archivo con una pista de vídeo",
    "camera {camera:number} is missing: only {count:number} connected ({serials}); check its cable, or set "
    "DUAL_CAMERA_MODE=false": (
        "falta la cámara {camera}: conectadas solo {count} ({serials}); revisar su cable, o poner "
        "DUAL_CAMERA_MODE=false"
    ),
    "camera {serial} is running already; stop it first": "la cámara {serial} ya está en marcha; pararla antes",
    "camera {serial} does not take its exposure: {why}": "la cámara {serial} no admite su exposición: {why}",
    "camera {serial} does not start ({why}); end other programs that use it, check its cable": (
        "la cámara {serial} no arranca ({why}); cerrar otros programas que la usen, revisar su cable"
    ),
    "camera {serial} is not connected (connected: {known:said}); check its cable, or change "
    "CAMERA_{camera:number}_SERIAL": (
        "la cámara {serial} no está conectada (conectadas: {known}); revisar su cable, o cambiar CAMERA_{camera}_SERIAL"
    ),
    "none": "ninguna",
    "camera {serial} gives {width:number}x{height:number} for {asked:number}x{high:number}; set RESOLUTION to that": (
        "la cámara {serial} da {width}x{height} en vez de {asked}x{high}; ponerlo en RESOLUTION"
    ),
    "camera {serial} cannot turn its picture by {degrees:number} degrees; set CAMERA_ROTATION to 0 or 180": (
        "la cámara {serial} no puede girar su imagen {degrees} grados; poner 0 o 180 en CAMERA_ROTATION"
    ),
    "cameras cannot be listed ({why}); try `rpicam-hello --list-cameras`": (
        "no se pueden enumerar las cámaras ({why}); probar `rpicam-hello --list-cameras`"
    ),
    "Picamera2 cannot be used ({why}); `sudo apt install python3-picamera2` and make the virtual environment "
    "with --system-site-packages, or set the camera's serial to testpattern": (
        "no se puede usar Picamera2 ({why}); `sudo apt install python3-picamera2` y hacer el entorno virtual con "
        "--system-site-packages, o poner testpattern como serie de la cámara"
    ),
    "the test pattern cannot be turned by {degrees:number} degrees; set CAMERA_ROTATION to 0 or 180": (
        "la carta de ajuste no se puede girar {degrees} grados; poner 0 o 180 en CAMERA_ROTATION"
    ),
    "the test pattern does not fit into {width:number}x{height:number}; set RESOLUTION to 160x120 or more": (
        "la carta de ajuste no cabe en {width}x{height}; poner 160x120 o más en RESOLUTION"
    ),
    # The camera test, and calibrating with the cameras
    "{label} is being recorded: {to_do:said} when it is over": "se está grabando {label}: {to_do} cuando termine",
    "{label} begins within a minute: {to_do:said} when it is over": (
        "{label} empieza en menos de un minuto: {to_do} cuando termine"
    ),
    "test the cameras": "probar las cámaras",
    "a calibration is running: wait for its result": "ya hay una calibración en marcha: esperar su resultado",
    "the disk is full: make room on it first": "el disco está lleno: antes hay que hacer sitio",
    "a camera test is running: wait for its result": "ya hay una prueba de cámaras en marcha: esperar su resultado",
    "check the camera's cable, then test again": "revisar el cable de la cámara y volver a probar",
    "no picture ({why:said}): {to_do:said}": "no da imagen ({why}): {to_do}",
    "no picture (the camera does not start): {to_do:said}": "no da imagen (la cámara no arranca): {to_do}",
    "nothing was recorded: {to_do:said}": "no se grabó nada: {to_do}",
    "{missing:number} of {expected:number} frames are missing: {to_do:said}": (
        "faltan {missing} de {expected} fotogramas: {to_do}"
    ),
    "{rate:number} frames a second instead of {fps:number}: set RECORDING_FPS to what the camera can do": (
        "{rate} fotogramas por segundo en vez de {fps}: poner en RECORDING_FPS lo que la cámara puede"
    ),
    "what it recorded could not be looked at: test again, and look into the log if it stays so": (
        "no se pudo mirar lo que grabó: volver a probar, y mirar el registro si sigue así"
    ),
    "{broken:number} recorded frame cannot be decoded: look at the disk and at the camera's cable, then test again": (
        "{broken} fotograma grabado no se puede descodificar: revisar el disco y el cable de la cámara,"
        " y volver a probar"
    ),
    "{broken:number} recorded frames cannot be decoded: look at the disk and at the camera's cable, then test again": (
        "{broken} fotogramas grabados no se pueden descodificar: revisar el disco y el cable de la cámara,"
        " y volver a probar"
    ),
    "cut off: {why:said}; test again when it is over": "interrumpida: {why}; volver a probar cuando termine",
    "the disk fails: {why:said}: look at the disk, then test again": (
        "el disco falla: {why}: revisar el disco y volver a probar"
    ),
}
