"""Tell whether a text is English: the models have learned from English only.

A text is not English if most of its letters are of another script, or if it has more
words that only another language uses than words that only English uses, or if it has no
English function word and most of its words are rare in English.
"""

import re
import unicodedata

from core.emoji.text.spelling import SLANG
from core.emoji.text.tokens import LAUGH, Rank, shortened

FREQUENT = 40_000  # rank of a word; GloVe has 400,000, many of other languages
# Rare words without a word of English, before a text is not English; and the same
# where one of them has a letter that English lacks.
FEWEST, FEWEST_ACCENTED = 3, 2
WORD = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*")
ELIDED = re.compile(
    r"(?:[cdjlmnst]|qu)['’`](?=[aeiouhéèêàâîôûy])"
)  # words of French, Italian

# Frequent words and greetings. Those that mean something in English and in another
# language (die, no, me, was, on, an, sin, come) are in neither list.
WORDS = {
    "English": """
        at
        i i'm i've i'll i'd you you're you've your he's she she's it it's its they
        they're them their we're we've our us my the that that's this these those
        there there's here what what's which who who's when where why how is isn't are
        aren't be been being wasn't were weren't have haven't has hasn't had do don't
        does doesn't did didn't can can't could couldn't would wouldn't should
        shouldn't won't must might may will and but if or because than then with
        without of from at by about into out up down off after before again more most
        much many some any every all both only just very too also not never nothing
        now today tonight tomorrow yesterday get got going gonna wanna go went come
        came make made let's like love want need know think see feel say said tell
        good great bad nice happy sad please thanks thank sorry hello hi hey yes yeah
        ok okay lol omg wow one two three time day night week year people man's thing
        still really always im dont cant u ur ya he his her him hers thx plz pls luv
        bro mate mum wat wit tho guys xx gimme rn tbh idk smh thats n hav wiv havin
        feelin they'll you'll we'll""",
    "Spanish": """
        y te el los las una unos unas del que qué en por para con más pero como cómo
        está están estoy estás estamos soy eres somos fue era tengo tiene tienes
        tenemos hay muy mucho mucha muchas muchos mi tu su sus nos le les lo este esta
        esto ese esa eso tú él ella ellos nosotros ustedes usted quiero quieres querer
        puedo puede hacer hace hoy mañana ayer ahora siempre nunca nada todo toda
        todos también porque cuando donde dónde quien gracias hola adiós buenos buenas
        días noches tardes feliz triste gusta amo amor casa hermano mejor perro gato
        comer jugar bien sí hemos han vamos vez años aquí""",
    "French": """
        le les une des du et est sont suis je tu il elle nous vous ils elles ton sa
        mes tes ses notre votre leur ce cette ces ça que qui quoi où quand comment
        pourquoi ne pas plus rien jamais toujours très bien avec sans dans sur sous
        pour par mais donc aussi fait faire avoir être ai avons avez ont était fais
        veux peux aime aimer beaucoup merci bonjour bonsoir salut oui non aujourd'hui
        demain hier maintenant soir matin nuit tout tous toute chez deux trois heures
        heure jour mère père ami petit grand belle au aux ma""",
    "German": """
        der das dem den des ein eine einen einem einer eines und ist sind bist ich du
        wir ihr mich mir dich dir uns euch sein ihre mein meine meinen dein deine
        nicht kein keine aber oder wenn weil dass wie wo wer warum wann mit ohne für
        von zu zum zur auf aus bei nach über unter vor auch noch schon nur sehr habe
        haben hast hatte wird werden kann kannst können muss möchte mag gibt geht ging
        heute morgen gestern jetzt immer nie alles nichts danke bitte guten gute hallo
        tschüss ja nein schön liebe wieder endlich spät uhr im ins habt seid sind's
        kalt schlecht müde hungrig spiel gewonnen verloren essen geld zeit""",
    "Italian": """
        il lo gli una uno dei delle della del dello nel nella è sono sei siamo siete
        ho hai abbiamo avete hanno che chi cosa dove quando perché più non mai sempre
        molto tanto anche con senza per tra fra mio mia tuo tua suo sua nostro questo
        questa quello io tu lui lei noi voi loro mi ti ci si vi ne voglio vuoi posso
        puoi fare oggi domani ieri adesso ora niente tutto tutti grazie ciao
        buongiorno buonasera buona bene bello bella amore amo casa mangiare va sta
        stai sto alle alla al mille anni fratello""",
    "Portuguese": """
        uma uns umas dos das é são sou és somos está estou estão que não sim mais mas
        onde quando porque por para com sem meu minha teu tua seu sua nosso isto isso
        este essa eu tu ele ela nós vocês você eles tenho tem temos muito muita muitos
        tudo todos nada nunca sempre hoje amanhã ontem agora aqui quero posso fazer
        vou vai obrigado obrigada olá oi boa dia noite tarde gosto amo amor saudade
        casa irmão fome jogo começa às ao aos""",
    "Dutch": """
        het een en ik jij je hij zij wij jullie mijn jouw zijn haar ons onze dit dat
        deze niet geen maar als want omdat wat waar wie wanneer waarom hoe met zonder
        voor naar bij uit ook nog wel zeer heel heb hebt heeft hebben bent wordt kan
        kunnen moet wil gaan gaat vandaag morgen gisteren nu altijd nooit alles niets
        dank bedankt goed goede hallo ja nee lekker mooi leuk straks eten tijd huis
        hou dank'je""",
    "Scandinavian": """
        jeg jag du han hun hon ikke inte och og är har hade den det ett et mitt ditt
        vår som på med utan uten för från fra til ska skal kan vil vill måste må när
        hvor hvad hva vad heter hvordan hur mycket meget mye tack takk tak hej hei
        idag nå nu bor kommer mig meg deg ej nej ja også också dejlig klokka klockan
        er min din var maten""",
    "Polish": """
        nie się jest są jestem jesteś że co jak gdzie kiedy dlaczego ale czy mój moja
        twój bardzo dziś jutro wczoraj dzień dobry dziękuję proszę cześć tak kocham
        mam masz idę już tylko dzisiaj zimno""",
    "Czech and Slovak": """
        je jsem jsi jsou není že kde kdy jak proč můj moje tvůj ale velmi dnes zítra
        včera děkuji ďakujem prosím ahoj ano ne mám máš miluji nejsem som sú čo ako""",
    "Turkish": """
        bir ve bu çok için değil ben sen biz siz nerede nasıl neden yok bugün yarın
        dün şimdi evet hayır teşekkürler merhaba güzel seni seviyorum kadar gibi mı mi
        mü""",
    "Finnish": """
        ei ja minä sinä hän olen olet olemme oli mutta että missä milloin miksi kun
        hyvin hyvää kiitos moi hei tänään huomenna nyt aina rakastan minun sinun""",
    "Hungarian": """
        az és nem vagy vagyok hogy ki mit hol mikor miért nagyon holnap köszönöm szia
        igen szeretlek jó egy én""",
    "Romanian": """
        și este sunt cu în că foarte azi mâine ieri mulțumesc bună iubesc unde ei""",
    "Indonesian": """
        saya aku kamu dia kita kami yang dari ini itu dan tidak nggak ada apa siapa
        kapan bagaimana sudah belum sangat selamat pagi malam terima kasih mau bisa
        banget""",
    "Tagalog": """
        ang ng mga ko mo ka siya kami tayo ako ikaw kayo hindi oo po nasaan ano saan
        anong salamat mahal kita kasi ngayon""",
    "Vietnamese": """
        tôi bạn là không có và của này đó rất cho với yêu cảm ơn chào ăn""",
    "Hindi": """
        hai hain hoon nahi nahin kya mera meri mujhe tum aap kahan kaise aaj kal bahut
        yaar bhai pyaar ka ki ko mein""",
    "Swahili": """
        kwa habari asante sana leo kesho ndiyo hapana nakupenda chakula""",
}
_SETS = {language: frozenset(words.split()) for language, words in WORDS.items()}
ENGLISH = _SETS.pop("English")
OTHERS = tuple(_SETS.values())
GREETINGS = frozenset(
    ("hola", "gracias", "bonjour", "merci", "salut", "grazie", "danke", "obrigado")
)
INTERJECTIONS = frozenset(("d'oh", "d’oh"))


def is_english(text: str, rank: Rank) -> bool:
    """Tell whether a text is English; one without words is not another language."""
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum("LATIN" not in unicodedata.name(letter, "") for letter in letters)
    if 2 * foreign > len(letters):
        return False
    words = set(WORD.findall(unicodedata.normalize("NFC", text).lower()))
    if not words:
        return True
    plain = {ELIDED.sub("", word.replace("’", "'")) for word in words}
    english = len({word.replace("’", "'") for word in words} & ENGLISH)
    other = max(len(plain & known) for known in OTHERS)
    other += sum(bool(ELIDED.match(word)) for word in words - INTERJECTIONS)
    rare = [word for word in plain - ENGLISH if not _frequent(rank, word)]
    # One word of another language may be a name, or be used in English as well.
    sure = other > 1 or any(word in rare or word in GREETINGS for word in plain)
    if other > english and sure:
        return 2 * (other + len(rare)) < len(words)
    fewest = FEWEST if all(map(str.isascii, rare)) else FEWEST_ACCENTED
    return bool(english) or len(rare) < fewest or 3 * len(rare) < 2 * len(words)


def _frequent(rank: Rank, word: str) -> bool:
    """Whether English has a word, also with letters drawn out (sooo) or as slang."""
    if word in SLANG or LAUGH.fullmatch(word):
        return True
    spellings = {word, *shortened(word)}
    ranks = [found for each in spellings if (found := rank(each)) is not None]
    return bool(ranks) and min(ranks) < FREQUENT
