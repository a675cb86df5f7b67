"""What tells that somebody wants no more messages, beside the keywords and phrases of `opt_out`; and of which kind."""

from __future__ import annotations

from tactful.domain.replies.cues.patterns import any_of

STOP = any_of(
    (
        r"\b(?:if|unless)\s+you\s+(?:(?:do\s+not|don'?t|won'?t)\s+)?(?:stop|quit)\s+"
        r"(?:texting|messaging|e-?mailing|contacting)\b"
    ),
    (
        r"\b(?:take|get|remove|delete)\s+(?:me|us|my\s+(?:name|number|details|email|info\w*))\b.{0,30}"
        r"\b(?:off|list|from|database|system|records)\b"
    ),
    r"\bblock(?:ing|ed)?\s+(?:this|you|your|u\b|ur\b)",
    r"\bleave\s+(?:me|us)\s+(?:the\s+\w+\s+)?alone\b",
    r"\blose\s+(?:my|this|our)\s+(?:number|email)\b",
    (
        r"\b(?:do\s+not|don'?t|dont|never|cannot|can'?t|cant|may\s+not|not\s+allowed\s+to)\s+(?:ever\s+)?"
        r"(?:contact|text|e-?mail|message|call|ring|phone|write\s+to)\s+(?:me|us|my\s+client|this|"
        r"again)\b(?!\s+(?:until|till|before|after|at\s+night|so\s+(?:early|late)))"
    ),
    (
        r"\b(?:do\s+not|don'?t|dont|no\s+longer)\s+(?:wish|want|care|consent)\s+to\s+(?:receive|get|be"
        r"\s+(?:sent|contacted|texted|emailed|messaged))\b"
    ),
    r"\bwant\s+to\s+stop\s+(?:receiving|getting)\b",
    r"\bstop\s+(?:it|this)\W*$",
    (
        r"\benough\s+(?:with|of)\s+(?:the|these|this|your)?\s*(?:\w+\s+)?(?:texts?|texting|messages?|"
        r"emails?|reminders?|spam)\b"
    ),
    (
        r"\b(?:cease|desist|discontinue|end|halt|terminate)\s+(?:with\s+)?(?:all\s+|any\s+|this\s+|"
        r"these\s+|further\s+|sending\s+)*(?:communications?|contact\w*|messag\w+|texts?|emails?|"
        r"reminders?|correspondence|texting|emailing)\b"
    ),
    (
        r"\bno\s+longer\s+(?:want|wish|need)\s+(?:\w+\s+){0,3}(?:texts?|messages?|emails?|reminders?|"
        r"communications?)\b"
    ),
    (
        r"\b(?:don'?t|do\s+not|dont)\s+(?:want|need|like)\s+(?:\w+\s+){0,3}(?:texts?|messages?|emails?|"
        r"reminders?|sms)\b"
    ),
    r"\b(?:not|never)\s+(?:be\s+)?(?:contacted|texted|emailed|messaged)\s+(?:again|any|further|by)\b",
    r"\b(?:stop|quit|cease)\s+(?:calling|ringing|phoning)\b",
    r"\b(?:text|call|ring|phone|e-?mail|message|write\s+to)\s+me\s+(?:please\s+)?instead\s+of\b",
    r"\bne\s+(?:m'|me\s+)\s*(?:ecri|envoy|contact|appel)\w*\s+(?:plus|pas)\b",
    r"\barrete[rz]?\s+(?:de|d'|ces|les|vos)\b",
    r"\bno\s+more\s+(?:calls|emails|texts|messages|reminders|sms)\b",
    (
        r"\bstop\s+(?:the|these|those|your|all|any|sending|w\s+the|with\s+the)\s+(?:\w+\s+)?(?"
        r":reminders?|texts?|messages?|emails?|e-mails?|notices|sms|alerts|notifications)\b"
    ),
    (
        r"\b(?:aus\s+(?:dem|ihrem)\s+verteiler|keine\s+(?:weiteren\s+)?(?:e-?mails|nachrichten|sms|"
        r"mahnungen|anrufe)|(?:kontaktieren|schreiben|belastig\w*)\s+sie\s+mich\s+nicht|nicht\s+mehr\s+"
        r"(?:schreiben|kontaktieren|anschreiben|anrufen|senden|schicken)|horen\s+sie\s+auf|abmelden|"
        r"abbestellen)\b"
    ),
    (
        r"\b(?:ne|n')\s*(?:me|m')?\s*(?:plus|pas)\s+(?:me\s+|m'\s*)?(?:envoy\w+|contact\w+|ecri\w+|"
        r"recevoir|deranger|appeler)"
    ),
    r"\bne\s+(?:me\s+)?contactez\s+plus",
    r"\bplus\s+(?:de|aucun)\s+(?:sms|messages?|mails?|e-mails?)\b",
    r"\bme\s+desinscrire\b",
    r"\bdesinscri\w+",
    r"\bdesabonn\w+",
    (
        r"\bno\s+(?:me\s+)?(?:manden?|envien?|escriban?|contacten?|llamen?|quiero\s+(?:mas|recibir))\b"
        r".{0,20}\b(?:mas|mensajes|correos|sms)?\b"
    ),
    r"\bdej(?:en|a|e)\s+de\s+(?:mandar|enviar|escribir|molestar|contactar)\w*",
    r"\bdarme\s+de\s+baja\b",
    r"\bborr(?:en|a|e)(?:me)?\s+(?:mi\s+numero|de\s+la\s+lista)\b",
    r"\bno\s+mas\s+(?:mensajes|sms|correos)\b",
)
NO_STOP = any_of(
    (
        r"\b(?:stop|quit|end|cancel)\s+(?:threatening|charging|billing|invoicing|pretending|lying|acting|being|"
        r"playing|asking\s+for)\b"
    ),
)
BY_ACCIDENT = any_of(
    (
        r"\b(?:said|sent|texted|typed|wrote|hit|pressed|opted\s+out|unsubscribed|stop\w*)\b.{0,25}"
        r"\bby\s+(?:mistake|accident)\b"
    ),
    (
        r"\b(?:accidentally|mistakenly)\s+(?:\w+\s+)?(?:said|sent|texted|typed|wrote|hit|pressed|opted|"
        r"unsubscribed|stop\w*)\b"
    ),
)
INSTRUCTION = any_of(
    r"\b(?:reply|text|txt|send|respond)\s+(?:with\s+)?\W?(?:stop|end|quit|cancel|unsubscribe)\b",
    r"\bto\s+(?:opt\s*-?out|unsubscribe|stop\s+receiving)\b",
)
"""How a machine says how its own messages are stopped."""
NEGATED = any_of(
    (
        r"(?<!\byou )\b(?:do\s+not|don'?t|dont|never|not|won'?t|didn'?t|cant|can'?t)\s+(?:\w+\s+)?"
        r"(?:stop|unsubscribe|cancel|end|quit)\w*"
    ),
)
CALLS = any_of(r"\b(?:stop|quit|don'?t|do\s+not|never)\s+(?:call|ring|phon)\w*\b", r"\bno\s+more\s+calls\b")
EVERYTHING = any_of(
    r"\b(?:stop|end)\s*all\b",
    r"\b(?:contact|kontakt)\w*\b",
    r"\b(?:alone|list|verteiler|everything)\b",
    r"\blose\s+(?:my|this|our)\b",
    r"\ball\s+(?:messages|communication|contact|forms)",
    r"\bcease\s+and\s+desist\b",
    r"\bany\s+way\b",
    r"\bharass\w*",
    r"\bdelete\s+my\b",
)
OTHER_CHANNEL = any_of(r"\b(?:e-?mail|text|call|post)\s+is\s+(?:fine|ok|better)")
REMINDERS = any_of(r"\breminders?\b", r"\bchasing\b")
INSTEAD = any_of(r"\binstead\s+of\s+(?P<what>\w+)")
NAMED_TEXTS = any_of(
    r"\b(?:stop|quit|cease|end|no\s+more|no\s+further|don'?t|do\s+not|never|unsubscribe\w*|remove)\b[^.!?,;\n]{0,40}?"
    r"\b(?:text(?:s|ing)?|sms)\b"
)
NAMED_MAILS = any_of(
    r"\b(?:stop|quit|cease|end|no\s+more|no\s+further|don'?t|do\s+not|never|unsubscribe\w*|remove)\b[^.!?,;\n]{0,40}?"
    r"\be-?mail(?:s|ing)?\b"
)
