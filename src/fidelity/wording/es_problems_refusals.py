"""Lo que los libros rechazan, en español: frases enteras, pues quien las lee suele ser un miembro."""

from __future__ import annotations

__all__ = ["SENTENCES"]

SENTENCES = {
    # Puntos
    "{a} has {b} of the {c} that it takes": "{a} tiene {b} de los {c} que hacen falta",
    "the household of {a} has {b} of the {c} that it takes": "el hogar de {a} tiene {b} de los {c} que hacen falta",
    "hold {a} has {b} of the {c} to capture": "la reserva {a} tiene {b} de los {c} que se quieren cobrar",
    "{a} are missing": "faltan {a}", "{a} is missing": "falta {a}",
    "{a} are missing, for it takes only those that have been usable for {b}":
        "faltan {a}, pues solo cuentan los que llevan {b} disponibles",
    "{a} is missing, for it takes only those that have been usable for {b}":
        "falta {a}, pues solo cuentan los que llevan {b} disponibles",
    "{a} are missing, for it takes only those earned before {b}":
        "faltan {a}, pues solo cuentan los ganados antes de {b}",
    "{a} is missing, for it takes only those earned before {b}":
        "falta {a}, pues solo cuentan los ganados antes de {b}",
    "{a} owes {b}": "{a} debe {b}",
    "points are given away when nothing is owed": "se regalan puntos cuando no se debe nada",
    # Miembros y cuentas
    "nobody is enrolled as {a}": "nadie está inscrito como {a}", "enroll first": "inscríbelo antes",
    "nobody is enrolled as {a} at {b}": "nadie está inscrito como {a} el {b}",
    "{a} is enrolled already, with other particulars": "{a} ya está inscrito, con otros datos",
    "the account of {a} is closed since {b}: {c} has taken it over":
        "la cuenta de {a} está cerrada desde {b}: pasó a {c}",
    "ask {a}": "dirígete a {a}",
    "the account of {a} is closed since {b}": "la cuenta de {a} está cerrada desde {b}",
    "enroll them under another id to begin again": "para volver a empezar, inscríbelo con otro identificador",
    "the account of {a} is frozen ({b})": "la cuenta de {a} está bloqueada ({b})",
    "nothing leaves it until it is unfrozen": "nada sale de ella hasta que se desbloquee",
    # Recompensas y vales
    '{a} has no reward "{b}"': '{a} no tiene ninguna recompensa "{b}"',
    "the program has no rewards": "el programa no tiene recompensas",
    "the program has no reward {a} that takes money off":
        "el programa no tiene ninguna recompensa {a} que descuente dinero",
    "the program has no reward {a} whose stock is counted":
        "el programa no tiene ninguna recompensa {a} cuyas existencias se cuenten",
    "none of {a} left now, and {b} asked for": "ya no queda nada de {a}, y se pide {b}",
    "only {a} of {b} left now, and {c} asked for": "solo quedan {a} de {b}, y se piden {c}",
    "none of {a} left, so {b} cannot go": "no queda nada de {a}, así que no se pueden quitar {b}",
    "only {a} of {b} left, so {c} cannot go": "solo quedan {a} de {b}, así que no se pueden quitar {c}",
    "restock() adds more": "restock() añade más",
    "{a} has no voucher {b}": "{a} no tiene ningún vale {b}",
    "a voucher is only for the member who got it": "un vale es solo para el miembro que lo recibió",
    "voucher {a} is used": "el vale {a} ya se usó", "voucher {a} is withdrawn": "el vale {a} se retiró",
    "voucher {a} is expired": "el vale {a} ha caducado",
    "voucher {a} is expired since {b}": "el vale {a} caducó el {b}",
    # Reservas y devoluciones
    "there is no hold {a}": "no hay ninguna reserva {a}",
    "it is the id in a hold's receipt": "es el identificador del recibo de una reserva",
    "{a} has no hold {b}": "{a} no tiene ninguna reserva {b}",
    "hold {a} is captured already": "la reserva {a} ya se cobró",
    "hold {a} is released already": "la reserva {a} ya se liberó",
    "hold {a} is timed out already": "la reserva {a} ya venció",
    "there is no redemption {a}": "no hay ningún canje {a}",
    "it is the id in a redemption's receipt": "es el identificador del recibo de un canje",
    "of {a} nothing is left to give back": "de {a} no queda nada por devolver",
    "of {a} {b} is left to give back, not {c}": "de {a} queda {b} por devolver, no {c}",
    "of {a} {b} are left to give back, not {c}": "de {a} quedan {b} por devolver, no {c}",
    "no voucher of {a} is used as {b}": "ningún vale de {a} está usado como {b}",
    "it may have been given back before": "quizá ya se devolvió",
    "the voucher {a} that came of {b} was used": "el vale {a} que salió de {b} ya se usó",
    "give it back first": "devuélvelo antes",
    # La misma clave, el origen
    "the key {a} was used before for something else": "la clave {a} ya se usó para otra cosa",
    "a new command needs a new key": "una orden nueva lleva una clave nueva",
    "{a} is in the books of {b} already": "{a} ya está en los libros de {b}",
    "its key should have given the first receipt": "su clave debería haber dado el primer recibo",
    "{a} gives back {b}, which is not recorded yet": "{a} devuelve {b}, que aún no está anotada",
    "{a} confirms {b}, which is not recorded yet": "{a} confirma {b}, que aún no está anotada",
    "{a} gives back {b}, which {c} has not bought yet": "{a} devuelve {b}, que {c} aún no ha comprado",
    "{a} confirms {b}, which {c} has not bought yet": "{a} confirma {b}, que {c} aún no ha comprado",
    "keep it and retry later": "guárdalo e inténtalo más tarde",
    "{a} is not in the books of {b}": "{a} no está en los libros de {b}",
    "only a recorded event can be decided once more": "solo un evento anotado se puede volver a decidir",
    # Fuera de tiempo
    "now is {a}, but the clock says {b}: more than {c} ahead":
        "now es {a}, pero el reloj dice {b}: más de {c} de adelanto",
    "leave now out, or set the clock right": "quita now, o pon el reloj en hora",
    "now is {a}, but {b} has an entry of {c}": "now es {a}, pero {b} tiene un asiento de {c}",
    "set the clock right, or replay events in the order of now":
        "pon el reloj en hora, o repite los eventos en el orden de now",
    "{a} is dated {b}, after now, {c}": "{a} lleva fecha de {b}, posterior a now, {c}",
    "record it when it happens": "anótalo cuando ocurra",
    "points that wait are what a wallet's pending time is for":
        "para los puntos que esperan está el tiempo pendiente de un monedero",
    "{a} is dated {b}, more than {c} days before {d}": "{a} lleva fecha de {b}, más de {c} días antes de {d}",
    "to replay history pass now=event.at": "para repetir la historia pasa now=event.at",
    "{a} is dated {b}, before {c} that it gives back, {d}": "{a} lleva fecha de {b}, anterior a {c}, que devuelve, {d}",
    "{a} is dated {b}, before {c} that it confirms, {d}": "{a} lleva fecha de {b}, anterior a {c}, que confirma, {d}",
    "date it when the goods came back": "ponle la fecha en que volvió lo comprado",
    "date it when it was confirmed": "ponle la fecha en que se confirmó",
    "a hold until {a} cannot be: it may stand from now for {b} days at most, until {c}":
        "una reserva hasta {a} no puede ser: dura desde ahora {b} días como mucho, hasta {c}",
    "points cannot live until {a}, which is not after now, {b}":
        "los puntos no pueden vivir hasta {a}, que no es posterior a now, {b}",
    "{a} can be extended for {b}, until {c} at most, not until {d}":
        "{a} se pueden alargar {b}, hasta {c} como mucho, no hasta {d}",
    "a status cannot last until {a}, which is not after now, {b}":
        "un nivel no puede durar hasta {a}, que no es posterior a now, {b}",
    "{a} would be a customer since {b}, which is yet to come": "{a} sería cliente desde {b}, que aún no ha llegado",
    "write the first day": "escribe el primer día",
    "{a} lies before {b}, up to which the books of {c} were read":
        "{a} es anterior a {b}, hasta donde se leyeron los libros de {c}",
    "fold the entries learned until then: as_of(rulebook, member, entries, at)":
        "pliega los asientos conocidos hasta entonces: as_of(rulebook, member, entries, at)",
    "{a} of {b} came before version {c} of {d}, which holds from {e}":
        "{a} de {b} es anterior a la versión {c} de {d}, que rige desde {e}",
    "give the version before it too: Loyalty([old, new])": "da también la versión anterior: Loyalty([old, new])",
    # Otros
    "nothing of {a} expired within the last {b} days": "a {a} no le caducó nada en los últimos {b} días",
    "{a} owes nothing": "{a} no debe nada", "{a} is not protected": "{a} no está protegido",
    "the program has no tier {a}": "el programa no tiene ningún nivel {a}",
    "the program has no campaign {a}": "el programa no tiene ninguna campaña {a}",
    "it has none at all": "no tiene ninguna",
}  # fmt: skip
