"""Why cameras cannot be calibrated, or a calibration not be used, in Spanish."""

CALIBRATION = {
    "{why:said}; turn the cameras towards each other, and level": (
        "{why}; girar las cámaras una hacia la otra, y niveladas"
    ),
    "{why:said}; mount the cameras level, at one height": "{why}; montar las cámaras niveladas, a la misma altura",
    "the pictures do not overlap in what is left of them": "las imágenes no se solapan en lo que queda de ellas",
    "nothing is left of the joined picture when it is cut to a rectangle": (
        "no queda nada de la imagen unida al recortarla en rectángulo"
    ),
    "the joined picture has a hole in the middle": "la imagen unida tiene un hueco en medio",
    "the cameras are turned too far from each other for one flat picture": (
        "las cámaras están demasiado giradas entre sí para una sola imagen plana"
    ),
    "a camera would see more than half of the horizon": "una cámara vería más de medio horizonte",
    "the joined picture would have {width:number}x{height:number} pixels": (
        "la imagen unida tendría {width}x{height} píxeles"
    ),
    "what both cameras see does not reach from the top of the joined picture to its foot": (
        "lo que ven las dos cámaras no llega de arriba abajo en la imagen unida"
    ),
    "turn the cameras so that both see a fifth of the same court": (
        "girar las cámaras para que las dos vean una quinta parte de la misma pista"
    ),
    "the pictures are of different sizes (left {width:number}x{height:number}, right "
    "{broad:number}x{tall:number}); set both cameras to one resolution": (
        "las imágenes son de distinto tamaño (izquierda {width}x{height}, derecha {broad}x{tall}); poner las dos "
        "cámaras a la misma resolución"
    ),
    "the {side:said} picture has too little texture ({found:number} point to hold on to, at least "
    "{needed:number} are needed); light the court, focus, or take the lens cap off": (
        "la imagen {side} tiene poco detalle ({found} punto de apoyo, hacen falta al menos {needed}); encender la "
        "luz de la pista, enfocar, o quitar la tapa del objetivo"
    ),
    "the {side:said} picture has too little texture ({found:number} points to hold on to, at least "
    "{needed:number} are needed); light the court, focus, or take the lens cap off": (
        "la imagen {side} tiene poco detalle ({found} puntos de apoyo, hacen falta al menos {needed}); encender la "
        "luz de la pista, enfocar, o quitar la tapa del objetivo"
    ),
    "one picture is mirrored; switch that camera's horizontal flip off": (
        "una imagen está en espejo; quitar el volteo horizontal de esa cámara"
    ),
    "the pictures have too little in common ({found:number} of {matches:number} matches agree, at least "
    "{needed:number} are needed); {to_do:said}": (
        "las imágenes tienen poco en común (coinciden {found} de {matches} puntos, hacen falta al menos {needed}); "
        "{to_do}"
    ),
    "the pictures have too little in common ({found:number} of {matches:number} matches fit one geometry, at "
    "least {needed:number} are needed); {to_do:said}": (
        "las imágenes tienen poco en común (encajan {found} de {matches} puntos, hacen falta al menos {needed}); "
        "{to_do}"
    ),
    "the pictures do not fit onto each other (rmse {rmse:number} px over {points:number} points, at most "
    "{most:number} px is good); move the cameras closer together, and take both pictures at one moment": (
        "las imágenes no encajan una en otra (error de {rmse} px en {points} puntos, vale {most} px como máximo); "
        "acercar las cámaras y tomar las dos imágenes a la vez"
    ),
    "laid onto each other the pictures do not look alike (correlation {alike:number}, at least {least:number} is "
    "needed), they may show different places; {to_do:said}": (
        "una sobre otra, las imágenes no se parecen (correlación {alike}, hace falta al menos {least}), quizá "
        "muestran sitios distintos; {to_do}"
    ),
    "the cameras look away from each other; turn them towards the same court": (
        "las cámaras miran a lados distintos; girarlas hacia la misma pista"
    ),
    "one camera is upside down (turned by {degrees:number} degrees against the other); turn it round": (
        "una cámara está boca abajo (girada {degrees} grados respecto a la otra); darle la vuelta"
    ),
    "one camera is tilted sideways by {degrees:number} degrees against the other; mount both upright": (
        "una cámara está ladeada {degrees} grados respecto a la otra; montar las dos derechas"
    ),
    "both pictures show nearly the same (moved by {percent:number} %, at least {least:number} % is needed); give "
    "one of each camera, or turn the cameras apart": (
        "las dos imágenes muestran casi lo mismo (se desplazan {percent} %, hace falta al menos {least} %); dar "
        "una de cada cámara, o separar las cámaras"
    ),
    "the right picture lies below the left one, not beside it (by {percent:number} % of the height); mount the "
    "cameras level, side by side": (
        "la imagen derecha cae debajo de la izquierda, no a su lado (un {percent} % de la altura); montar las "
        "cámaras niveladas, una junto a otra"
    ),
    "the right picture lies above the left one, not beside it (by {percent:number} % of the height); mount the "
    "cameras level, side by side": (
        "la imagen derecha cae encima de la izquierda, no a su lado (un {percent} % de la altura); montar las "
        "cámaras niveladas, una junto a otra"
    ),
    "left and right are swapped (the right picture lies to the left, by {percent:number} % of the width); give "
    "them the other way round": (
        "izquierda y derecha están cambiadas (la imagen derecha cae a la izquierda, un {percent} % de la anchura); "
        "darlas al revés"
    ),
    "the pictures overlap too little ({overlap:number} px, {percent:number} % of the width, at least "
    "{least:number} % are needed); {to_do:said}": (
        "las imágenes se solapan poco ({overlap} px, {percent} % de la anchura, hace falta al menos {least} %); {to_do}"
    ),
    "only {left:number} of {height:number} px of the height are left when the joined picture is cut to a "
    "rectangle; mount the cameras level, at one height": (
        "solo quedan {left} de {height} px de altura al recortar la imagen unida en rectángulo; montar las cámaras "
        "niveladas, a la misma altura"
    ),
    "the matches lie too close together: elsewhere in the overlap the pictures fit to {spread:number} px only, "
    "at most {most:number} px is good; show more texture where both cameras see": (
        "los puntos comunes están demasiado juntos: en el resto del solape las imágenes encajan solo a {spread} "
        "px, y vale {most} px como máximo; mostrar más detalle donde ven las dos cámaras"
    ),
    # A camera that moved
    "a camera has moved: in the footage of {label} the pictures are {shift:number} px off": (
        "una cámara se ha movido: en lo grabado de {label} las imágenes se desvían {shift} px"
    ),
    "calibrate again from the footage of this booking, or with the cameras when nothing is recorded": (
        "calibrar de nuevo con lo grabado de esta reserva, o con las cámaras cuando no se grabe nada"
    ),
    # What became of a calibration
    "calibrated: {numbers:said}": "calibradas: {numbers}",
    "{projection:said}, {width:number}x{height:number}, {inliers:number} of {matches:number} matches fit to "
    "{error:number} px, {overlap:number} px of overlap": (
        "{projection}, {width}x{height}, encajan {inliers} de {matches} puntos a {error} px, {overlap} px de solape"
    ),
    "cylindrical": "cilíndrica",
    "spherical": "esférica",
    "planar": "plana",
    "camera {camera:number} gives no picture ({why:said}): {to_do:said}": (
        "la cámara {camera} no da imagen ({why}): {to_do}"
    ),
    "the camera does not start": "la cámara no arranca",
    "check the camera's cable, then calibrate again": "revisar el cable de la cámara y volver a calibrar",
    "cut off: {why:said}; calibrate again when it is over": "interrumpida: {why}; volver a calibrar cuando termine",
    "the disk fails: {why:said}: look at the disk, then calibrate again": (
        "el disco falla: {why}: revisar el disco y volver a calibrar"
    ),
    "calibrating failed: try again, and look into the log if it stays so": (
        "la calibración ha fallado: probar otra vez, y mirar el registro si sigue así"
    ),
    "{path}: has no footage of two cameras; take a recording that has": (
        "{path}: no tiene grabadas las dos cámaras; tomar una grabación que las tenga"
    ),
    "calibrate again with `ezrec calibrate`": "calibrar de nuevo con `ezrec calibrate`",
    "{path}: the rig file cannot be read ({why:said}); {to_do:said}": (
        "{path}: no se puede leer el archivo de calibración ({why}); {to_do}"
    ),
    "{path}: too large for a rig file; {to_do:said}": (
        "{path}: demasiado grande para un archivo de calibración; {to_do}"
    ),
    "{path}: not a rig file, or a damaged one (no JSON in it); {to_do:said}": (
        "{path}: no es un archivo de calibración, o está dañado (no tiene JSON); {to_do}"
    ),
    "{path}: not a rig file (it has no version); {to_do:said}": (
        "{path}: no es un archivo de calibración (no tiene versión); {to_do}"
    ),
    "{path}: made by a newer EZREC (version {version:number}, this one reads {ours:number}); update, or {to_do:said}": (
        "{path}: hecho por un EZREC más nuevo (versión {version}, este lee la {ours}); actualizar, o {to_do}"
    ),
    "{path}: a damaged rig file ({why}); {to_do:said}": "{path}: un archivo de calibración dañado ({why}); {to_do}",
    "{left} and {right}: one is a still, the other a video; give two of a kind": (
        "{left} y {right}: uno es una foto y el otro un vídeo; dar dos de la misma clase"
    ),
    "{left} and {right}: have no moment in common; give videos of the same time": (
        "{left} y {right}: no tienen ningún momento en común; dar vídeos de la misma hora"
    ),
    "{path}: has no frames in it": "{path}: no tiene fotogramas",
    "{path}: cannot be read ({why:said}); check the path": "{path}: no se puede leer ({why}); revisar la ruta",
    "{path}: not a picture that can be read; replace the file": (
        "{path}: no es una imagen que se pueda leer; cambiar el archivo"
    ),
}
