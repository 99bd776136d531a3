// the words of English that recall treats apart: those that say nothing, those that only frame a question, those that
// are too general to decide, and those that people exchange for each other.

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** grammar: never compared. */
export const stopWords = set(`
  a about above after again against all also am an and any anybody anyone anything are aren as at away back be because
  been before being below between both but by can cannot could couldn did didn do does doesn doing don down during each
  either else ever every everything few for from further had hadn has hasn have haven having he her here hers herself
  him himself his how i if in into is isn it its itself just let ll may me might mine more most much must my myself no
  nor not nothing now of off on once only or other ought our ours ourselves out over own please quite re s same shall
  she should shouldn so some something still such t than that the their theirs them themselves then there these they
  this those though through to too under until up upon us ve very was wasn we were weren what whatever when whenever
  where which while who whoever whom whose why will with within without won would wouldn yet you your yours yourself
`)

/** words about remembering itself: in a question they frame what it is about. */
export const frameWords = set(`
  know knew known remember remembered recall remind tell told said say says saying ask asked mention mentioned note
  notes noted noting memory memories memo information info detail details fact facts thing things stuff idea concerning
  regarding keep kept mind forget forgot forgotten store stored save saved write wrote written down jot list show give
  find look again anymore previously earlier recently ago lately everything anything else
`)

/** too general to decide: verbs that any sentence has, and what a question word asks for anyway. */
export const weakWords = set(`
  name named names call called calls title day days date dates time times hour clock moment year month week place
  places location spot position where kind kinds type types group sort way ways reason amount
  go goes going went gone come comes coming came get gets getting got take takes taking took taken put puts putting
  make makes making made use uses using used do done have run runs running ran keep keeps keeping hang hangs hanging
  hung hide hides hiding hidden lie lies lying lay leave leaves leaving left stay stays staying sit sits stands stand be
  happen happens happened happening start starts started starting begin begins began end ends ended ending want wants
  wanted need needs needed mean means meant see sees saw seen become became hold holds held contain contains located
  supposed due scheduled planned reach contact pick picked picks last latest next actually really exactly usually
  always often project company team person people someone somebody guy friend colleague mr mrs ms new old current
  present
`)

/** verbs that say what somebody does: they decide like any other word, but not about whom the question is. */
export const plainVerbs = set(`
  live lives living lived work works working worked like likes liked love loves loved prefer prefers preferred enjoy
  enjoys eat eats eating ate drink drinks drinking drank buy buys bought pay pays paid open opens opening opened close
  closes closed closing belong belongs sleep sleeps read reads wear wears drive drives play plays
`)

/** each line is one meaning; a question's word is found by any other of its line. */
const synonyms: readonly ReadonlySet<string>[] = [
  set('password passcode passphrase pin code combination credentials'),
  set('phone telephone mobile cell cellphone number'),
  set('birthday born birth bday birthdate'),
  set('car auto automobile vehicle'),
  set('doctor dr physician'),
  set('mother mum mom mommy mummy'),
  set('father dad daddy'),
  set('email mail'),
  set('bin bins trash garbage rubbish'),
  set('holiday holidays vacation'),
  set('wifi wlan'),
  set('meeting appointment'),
  set('flat apartment'),
  set('tv television'),
  set('fridge refrigerator'),
  set('bike bicycle'),
  set('photo picture photograph'),
  set('wife husband spouse'),
  set('live lives lived living address street'),
  set('like likes love loves prefer prefers favourite favorite favourites favorites enjoy enjoys'),
  set('work works worked working job profession occupation'),
]

const meaning: ReadonlyMap<string, number> = new Map(
  synonyms.flatMap((line, index) => Array.from(line, (word) => [word, index] as const)),
)

/** whether two words are of one line of the table. */
export function areSynonyms(left: string, right: string): boolean {
  const line = meaning.get(left)
  return line !== undefined && line === meaning.get(right)
}

/** the speaker in the first person. */
export const firstPerson = set('i me my mine myself')
