"""What is said of other machines that make the videos."""

MACHINES = {
    "videos wait for another machine: {why:said}": "los vídeos esperan a otra máquina: {why}",
    "nothing is lost: they go on by themselves": "no se pierde nada: siguen solos",
    "no machine makes videos now: start `ezrec worker` on one (EZREC_JOBS_URL: {place})": (
        "ninguna máquina hace vídeos ahora: arrancar `ezrec worker` en una (EZREC_JOBS_URL: {place})"
    ),
    "no machine has made videos for {place} yet: start `ezrec worker` on one": (
        "ninguna máquina ha hecho vídeos para {place} todavía: arrancar `ezrec worker` en una"
    ),
    "the jobs' database ({place}) does not answer": ("la base de datos de los trabajos ({place}) no responde"),
    "another machine could not make the video: {why:said}": "otra máquina no pudo hacer el vídeo: {why}",
    "on {machine}: {why:said}": "en {machine}: {why}",
    "{name} is not staged any more.": "{name} ya no está preparado en el almacén.",
    "It is staged again with the next try.": "Se vuelve a preparar con el próximo intento.",
    "{key} is not in the store as it was delivered.": "{key} no está en el almacén tal como se entregó.",
    "{key} is not what was delivered.": "{key} no es lo que se entregó.",
    "It is made again.": "Se hace de nuevo.",
    "what was staged is of another version of EZREC ({count:number} differences)": (
        "lo preparado es de otra versión de EZREC ({count} diferencias)"
    ),
    "what was staged names files in other folders": "lo preparado nombra archivos de otras carpetas",
    "what lies there is not what was delivered, or nothing does": (
        "lo que hay ahí no es lo que se entregó, o no hay nada"
    ),
}
