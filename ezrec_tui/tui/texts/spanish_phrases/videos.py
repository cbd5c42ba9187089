"""What hinders the making and the delivery of a video, in Spanish."""

VIDEOS = {
    # Making the video, and what it had to do without
    "camera {camera:number} gave no footage at all ({seconds:number} s)": (
        "la cámara {camera} no dio ninguna imagen ({seconds} s)"
    ),
    "camera {camera:number} gave no footage from {start} to {end} ({seconds:number} s)": (
        "la cámara {camera} no dio imágenes de {start} a {end} ({seconds} s)"
    ),
    "the player's {thing:said} cannot be used: {why:said}; {instead:said}": (
        "no se puede usar esto del jugador: {thing}: {why}; {instead}"
    ),
    "logo": "logo",
    "intro": "intro",
    "sponsor logo 1": "logo de patrocinador 1",
    "sponsor logo 2": "logo de patrocinador 2",
    "sponsor logo 3": "logo de patrocinador 3",
    "the one from before is used": "se usa lo de antes",
    "the venue's is used, if there is one": "se usa lo del club, si lo hay",
    "nothing lies at {key}": "no hay nada en {key}",
    "it could not be looked for yet": "aún no se ha podido buscar",
    "the player's own logos and intro cannot be looked for: {why:said}": (
        "no se pueden buscar los logos ni la intro del jugador: {why}"
    ),
    "that failed; the log says why": "eso ha fallado; el registro dice por qué",
    "they do not come within {seconds:number} s": "no llegan en {seconds} s",
    "It is tried again with the next video.": "Se reintenta con el próximo vídeo.",
    "it is no PNG, JPEG or WebP picture": "no es una imagen PNG, JPEG o WebP",
    "it has {width:number}x{height:number} pixels, which is no size for a logo": (
        "tiene {width}x{height} píxeles, que no es tamaño de logo"
    ),
    "it has {width:number}x{height:number} pixels, which is no size for an intro": (
        "tiene {width}x{height} píxeles, que no es tamaño de intro"
    ),
    "it has {size:number} MB, more than {most:number}": "tiene {size} MB, más de {most}",
    "it is damaged and cannot be decoded": "está dañada y no se puede descodificar",
    "it is no video that can be read": "no es un vídeo que se pueda leer",
    "it lasts {seconds:number} s; an intro has to last 1 to {most:number}": (
        "dura {seconds} s; una intro tiene que durar de 1 a {most}"
    ),
    "No camera left any footage in {folder}; look at the cameras' connections and the log.": (
        "Ninguna cámara dejó imágenes en {folder}; revisar las conexiones de las cámaras y el registro."
    ),
    "The video of {booking} is not uploaded.": "El vídeo de {booking} no está subido.",
    "The video of {booking} is not rendered.": "El vídeo de {booking} no está montado.",
    "the video is gone ({file}): it is made again from its footage": (
        "el vídeo ya no está ({file}): se hace otra vez de su grabación"
    ),
    "no room for the video: it takes {needed:number} MB, and {free:number} MB are free on the disk of {folder}; "
    "make room, and it goes on by itself": (
        "no hay sitio para el vídeo: ocupa {needed} MB, y quedan {free} MB en el disco de {folder}; hacer sitio, y "
        "sigue solo"
    ),
    "logo {position}: {why:said}; it is left out": "logo {position}: {why}; se deja fuera",
    "intro: {why:said}; it is left out": "intro: {why}; se deja fuera",
    "{path}: cannot be read ({why:said})": "{path}: no se puede leer ({why})",
    "{path}: cannot be decoded ({why})": "{path}: no se puede descodificar ({why})",
    "{path}: not an image that can be read": "{path}: no es una imagen que se pueda leer",
    "{method}: only one camera has footage; its picture alone is used": (
        "{method}: solo una cámara tiene imágenes; se usa solo la suya"
    ),
    "the cameras are not calibrated": "las cámaras no están calibradas",
    "panorama: {why:said}; feather is used": "panorama: {why}; se usa feather",
    "{path}: since this rig was found, left and right were swapped; {why:said}; {to_do:said}": (
        "{path}: desde esta calibración se cambiaron izquierda y derecha; {why}; {to_do}"
    ),
    "what both pictures have in common is too little to show that it fits": (
        "lo que las dos imágenes tienen en común no basta para ver que valga"
    ),
    "by it the pictures lie {pixels:number} px apart (at most {most:number} px is good), so it is of other cameras, "
    "or one has moved": (
        "con ella las imágenes quedan a {pixels} px una de otra (lo bueno es {most} px como mucho): es de otras"
        " cámaras, o una se ha movido"
    ),
    "{path}: the rig of another camera ({known}, this one is {serial}); {to_do:said}": (
        "{path}: la calibración de otra cámara ({known}, y esta es {serial}); {to_do}"
    ),
    "{path}: the rig of pictures of {was}, these are {width:number}x{height:number}; {to_do:said}": (
        "{path}: la calibración es para imágenes de {was}, y estas son de {width}x{height}; {to_do}"
    ),
    "{path}: its picture of {width:number}x{height:number} is too large; {to_do:said}": (
        "{path}: su imagen de {width}x{height} es demasiado grande; {to_do}"
    ),
    "no overlap is set": "no hay solape puesto",
    "an overlap of {overlap:number} px does not fit into {width:number} px": (
        "un solape de {overlap} px no cabe en {width} px"
    ),
    "feather: {why:said}; side_by_side is used (set OVERLAP_PIXELS)": (
        "feather: {why}; se usa side_by_side (poner OVERLAP_PIXELS)"
    ),
    "{path}: cannot be read ({why:said}); check INTRO_VIDEO_PATH": (
        "{path}: no se puede leer ({why}); revisar INTRO_VIDEO_PATH"
    ),
    "{path}: cannot be converted ({why:said}); replace the file": (
        "{path}: no se puede convertir ({why}); cambiar el archivo"
    ),
    "{path}: the cached intro is damaged ({why:said})": "{path}: la intro guardada está dañada ({why})",
    "{path}: the cached intro is empty": "{path}: la intro guardada está vacía",
    "{path}: the cached intro needs other parameter sets than the video; delete it": (
        "{path}: la intro guardada necesita otros parámetros que el vídeo; borrarla"
    ),
    "{path}: has no frames in it; replace the file": "{path}: no tiene fotogramas; cambiar el archivo",
    "{path}: no picture in it can be decoded; replace the file": (
        "{path}: no se puede descodificar ninguna imagen suya; cambiar el archivo"
    ),
    "{path}: there is no such file; check the path": "{path}: no existe ese archivo; revisar la ruta",
    "{path}: not a video that can be read ({why:said}); replace the file": (
        "{path}: no es un vídeo que se pueda leer ({why}); cambiar el archivo"
    ),
    "{path}: has no video in it; replace the file": "{path}: no tiene vídeo; cambiar el archivo",
    "left out: {why:said}": "se deja fuera: {why}",
    "left out: {path}: has no frames in it": "se deja fuera: {path}: no tiene fotogramas",
    "{path}: has no time base; replace the file": "{path}: no tiene base de tiempos; cambiar el archivo",
    "{path}: damaged after frame {frame:number} ({why:said}); used up to there": (
        "{path}: dañado tras el fotograma {frame} ({why}); se usa hasta ahí"
    ),
    "{path}: no picture in it can be decoded ({why:said}); replace the file": (
        "{path}: no se puede descodificar ninguna imagen suya ({why}); cambiar el archivo"
    ),
    "{path}: cannot be written ({why:said}); look at the folder and disk": (
        "{path}: no se puede escribir ({why}); revisar la carpeta y el disco"
    ),
    "{side:said} camera: {count:number} picture was damaged; the one before stands in": (
        "cámara {side}: {count} imagen estaba dañada; se repite la anterior"
    ),
    "{side:said} camera: {count:number} pictures were damaged; the one before stands in": (
        "cámara {side}: {count} imágenes estaban dañadas; se repite la anterior"
    ),
    "left": "izquierda",
    "right": "derecha",
    "no file has a frame in the time asked for": "ningún archivo tiene un fotograma en ese tiempo",
    "{video}: there is nothing to make a video of: {why:said}": "{video}: no hay nada con que hacer un vídeo: {why}",
    "{video}: no picture of any camera can be decoded": (
        "{video}: no se puede descodificar ninguna imagen de ninguna cámara"
    ),
    "the right camera's picture is {width:number}x{height:number}, the left one {left:number}x{high:number}; it "
    "is scaled to the left one's size": (
        "la imagen de la cámara derecha es {width}x{height}, la izquierda {left}x{high}; se ajusta al tamaño de la "
        "izquierda"
    ),
    # Uploads
    "uploads go on at {time} (UPLOAD_HOURS)": "las subidas siguen a las {time} (UPLOAD_HOURS)",
    "videos cannot be delivered: {why:said}": "no se pueden entregar los vídeos: {why}",
    "videos cannot get into the app: {why:said}": "los vídeos no llegan a la aplicación: {why}",
    "mend that; the uploads go on by themselves then, nothing is lost": (
        "arreglarlo; las subidas siguen solas después, no se pierde nada"
    ),
    "the video of {label} is not delivered yet": "el vídeo de {label} todavía no está entregado",
    # Stores
    "folder {folder}": "carpeta {folder}",
    "The key {key} leads out of the store folder {folder}.": (
        "La clave {key} se sale de la carpeta del almacén {folder}."
    ),
    "Report this as a defect.": "Avisar de este fallo del programa.",
    "{path} is not the file that was rendered: its SHA-256 differs.": (
        "{path} no es el archivo que se montó: su SHA-256 es otro."
    ),
    "Retry the render.": "Repetir el montaje.",
    "The copy in {folder} is damaged.": "La copia en {folder} está dañada.",
    "It is tried again; check that disk.": "Se reintenta; revisar ese disco.",
    "The disk of the store folder {folder} is full: {needed:number} MB needed, {free:number} MB free.": (
        "El disco de la carpeta del almacén {folder} está lleno: hacen falta {needed} MB y quedan {free} MB."
    ),
    "Make room there, or set EZREC_STORE_DIR to a folder on another disk.": (
        "Hacer sitio ahí, o poner en EZREC_STORE_DIR una carpeta de otro disco."
    ),
    "The store folder {folder} cannot be reached ({why:said}).": (
        "No se llega a la carpeta del almacén {folder} ({why})."
    ),
    "It is tried again.": "Se reintenta.",
    "The store folder {folder} cannot be used: {path}: {why:said}.": (
        "No se puede usar la carpeta del almacén {folder}: {path}: {why}."
    ),
    "Let this user write there, or set EZREC_STORE_DIR to another folder.": (
        "Dejar que este usuario escriba ahí, o poner otra carpeta en EZREC_STORE_DIR."
    ),
    "Another video lies at {path}, and is not overwritten.": "En {path} hay otro vídeo, y no se sobrescribe.",
    "Look at it, move it away, and retry the job.": "Mirarlo, quitarlo de ahí y repetir el vídeo.",
    "bucket {bucket} at {host}": "el bucket {bucket} de {host}",
    "There is no key for bucket {bucket}.": "No hay clave para el bucket {bucket}.",
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.": "Poner AWS_ACCESS_KEY_ID y AWS_SECRET_ACCESS_KEY.",
    "S3_ENDPOINT_URL is no address.": "S3_ENDPOINT_URL no es una dirección.",
    "Write it as https://host or https://host:port.": "Escribirla como https://host o https://host:port.",
    "Part {part:number} arrived damaged at {host}.": "La parte {part} llegó dañada a {host}.",
    "{host} is no address of a store.": "{host} no es la dirección de un almacén.",
    "Check S3_ENDPOINT_URL.": "Revisar S3_ENDPOINT_URL.",
    "It is tried again by itself.": "Se reintenta solo.",
    "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.": "Revisar AWS_ACCESS_KEY_ID y AWS_SECRET_ACCESS_KEY.",
    "There is no key for {where:said}.": "No hay clave para {where}.",
    "{bucket} cannot be the name of a bucket.": "{bucket} no puede ser el nombre de un bucket.",
    "Check AWS_S3_BUCKET.": "Revisar AWS_S3_BUCKET.",
    "AWS_REGION is not the name of a region.": "AWS_REGION no es el nombre de una región.",
    "Write one like eu-west-1.": "Escribir una como eu-west-1.",
    "The certificate of {host} is not trusted.": "El certificado de {host} no es de confianza.",
    "{again:said} If it stays so, check the clock, and name the CA of a store of your own in S3_CA_FILE.": (
        "{again} Si sigue así, revisar el reloj, y poner en S3_CA_FILE la CA de un almacén propio."
    ),
    "S3_ENDPOINT_URL has a path: {path}.": "S3_ENDPOINT_URL lleva una ruta: {path}.",
    "Write it as https://host, and the bucket's name into AWS_S3_BUCKET.": (
        "Escribirla como https://host, y el nombre del bucket en AWS_S3_BUCKET."
    ),
    "S3_CA_FILE {path} cannot be used: {why:said}.": "No se puede usar S3_CA_FILE {path}: {why}.",
    "there is no certificate in it": "no contiene ningún certificado",
    "Name a file with the store's CA in PEM form.": "Poner un archivo con la CA del almacén en formato PEM.",
    "{host} does not answer in time.": "{host} no responde a tiempo.",
    "No connection to {host}.": "No hay conexión con {host}.",
    "What answers as {host} is no S3 store.": "Quien responde como {host} no es un almacén S3.",
    "{again:said} If it stays so, look for a login page of the network, and check S3_ENDPOINT_URL.": (
        "{again} Si sigue así, buscar una página de acceso de la red y revisar S3_ENDPOINT_URL."
    ),
    "{host} does not accept the key ({code}).": "{host} no acepta la clave ({code}).",
    "There is no {where:said}.": "No existe {where}.",
    "Check AWS_S3_BUCKET, or make the bucket.": "Revisar AWS_S3_BUCKET, o crear el bucket.",
    "{host} says that the clock of this machine is wrong.": "{host} dice que el reloj de esta máquina va mal.",
    "Set the clock, or let NTP set it.": "Poner el reloj en hora, o dejar que lo haga NTP.",
    "The store is full, or its quota is: {where:said} ({code}).": (
        "El almacén está lleno, o su cuota: {where} ({code})."
    ),
    "Make room there.": "Hacer sitio ahí.",
    "The {where:said} has another address.": "Tiene otra dirección {where}.",
    "Check AWS_REGION and S3_ENDPOINT_URL.": "Revisar AWS_REGION y S3_ENDPOINT_URL.",
    "{host} has dropped what was sent so far.": "{host} ha tirado lo que se había enviado.",
    "It is sent again.": "Se envía otra vez.",
    "Another video lies under this key in {where:said}.": "Hay otro vídeo con esta clave en {where}.",
    "Look at it, and move it away.": "Mirarlo y quitarlo de ahí.",
    "{host} lets us not look into bucket {bucket}.": "{host} no deja mirar en el bucket {bucket}.",
    "{check:said} Check the clock too.": "{check} Revisar también el reloj.",
    "The key has no right to do this in {where:said} ({code}).": (
        "La clave no tiene permiso para esto en {where} ({code})."
    ),
    "Give it the right to read and write objects, and to list and abort multipart uploads.": (
        "Darle permiso para leer y escribir objetos, y para enumerar y anular subidas por partes."
    ),
    "{host} is a store that cannot do what is needed ({code}).": (
        "{host} es un almacén que no sabe hacer lo que hace falta ({code})."
    ),
    "Use another store.": "Usar otro almacén.",
    "{host} cannot take it now ({code}).": "{host} no puede recibirlo ahora ({code}).",
    "{where:said} refuses it: {code}, {why}.": "lo rechaza {where}: {code}, {why}.",
    "{where:said} refuses it: {code}.": "lo rechaza {where}: {code}.",
    "Check the settings of S3.": "Revisar los ajustes de S3.",
    "The list of begun uploads, {path}, cannot be used: {why:said}.": (
        "No se puede usar la lista de subidas empezadas, {path}: {why}."
    ),
    "See that there is room on that disk and that this user may write there.": (
        "Ver que haya sitio en ese disco y que este usuario pueda escribir ahí."
    ),
    "{key} is not to be seen in {where:said}.": "{key} no se ve en {where}.",
    "It is looked for again.": "Se vuelve a buscar.",
    "Another video of {size:number} bytes lies at {key} in {where:said}, and is not overwritten.": (
        "Hay otro vídeo de {size} bytes en {key}, en {where}, y no se sobrescribe."
    ),
    "The video {path} is not there.": "El vídeo {path} no está.",
    "Retry the job, so that it is rendered again.": "Repetir el vídeo, para que se monte otra vez.",
    "The video {path} became shorter while it was read.": "El vídeo {path} se acortó mientras se leía.",
    "Retry the job.": "Repetir el vídeo.",
    "The video {path} cannot be read: {why:said}.": "El vídeo {path} no se puede leer: {why}.",
    "Check the disk.": "Revisar el disco.",
}
