// guesses the language of a goal: English is understood without a model, the others are only named.

const functionWords: Readonly<Record<string, readonly string[]>> = {
  de: [
    'der',
    'die',
    'das',
    'und',
    'ist',
    'nicht',
    'ein',
    'eine',
    'mir',
    'mein',
    'alle',
    'ich',
    'wie',
    'viel',
    'zeig',
    'zeige',
    'lösche',
    'erstelle',
    'mit',
    'auf',
    'den',
    'dem',
    'von',
    'für',
    'im',
    'schreib',
    'wo',
    'welche',
    'noch',
    'über',
    'bitte',
    'datei',
    'ordner',
  ],
  fr: [
    'le',
    'de',
    'contenu',
    'montre-moi',
    'raconte-moi',
    'la',
    'les',
    'un',
    'une',
    'des',
    'et',
    'est',
    'moi',
    'mon',
    'dans',
    'pour',
    'quelle',
    'quel',
    'montre',
    'supprime',
    'tous',
    'crée',
    'fichier',
    'dossier',
    'du',
    'avec',
    'combien',
    'où',
    'je',
    'raconte',
    'écris',
  ],
  es: [
    'el',
    'los',
    'las',
    'una',
    'y',
    'es',
    'mi',
    'en',
    'para',
    'qué',
    'que',
    'muestra',
    'borra',
    'todos',
    'crea',
    'archivo',
    'carpeta',
    'cuánto',
    'cuánta',
    'dónde',
    'con',
    'por',
    'hora',
    'este',
    'del',
    'escribe',
  ],
  it: [
    'il',
    'lo',
    'gli',
    'della',
    'mostra',
    'crea',
    'cancella',
    'dove',
    'quanto',
    'che',
    'tutti',
    'cartella',
    'per',
    'sono',
    'mi',
    'scrivi',
  ],
  pt: ['o', 'os', 'as', 'uma', 'mostre', 'crie', 'apague', 'pasta', 'arquivo', 'onde', 'quanto', 'não', 'com', 'meu'],
  nl: [
    'het',
    'een',
    'mijn',
    'toon',
    'maak',
    'verwijder',
    'bestand',
    'map',
    'hoeveel',
    'waar',
    'van',
    'niet',
    'voor',
    'alle',
  ],
}

const scripts: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Cyrillic}/u, 'ru'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Thai}/u, 'th'],
]

/** a BCP 47 language, `en` where nothing speaks for another. words in quotes and paths are not looked at. */
export function languageOf(text: string, words: readonly { lower: string; known: boolean }[]): string {
  const letters = words.map((word) => word.lower).join(' ')
  for (const [script, language] of scripts) {
    const foreign = (letters.match(new RegExp(script, 'gu')) ?? []).length
    if (foreign > 0 && foreign * 2 >= letters.replaceAll(' ', '').length) return language
  }
  const unknown = words.filter((word) => !word.known)
  if (unknown.length * 3 < words.length) return 'en'
  let best = 'en'
  let bestCount = 1
  for (const [language, list] of Object.entries(functionWords)) {
    const count = words.filter((word) => list.includes(word.lower)).length
    if (count > bestCount && count * 4 >= words.length) {
      best = language
      bestCount = count
    }
  }
  return best
}
