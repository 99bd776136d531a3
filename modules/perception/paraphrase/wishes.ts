// how something should be, said as what shall be done: `x should be moved to y`, `I want x deleted`, `x has to go`.
import { put, rule } from './rule.ts'
import type { Rule } from './rule.ts'

/** one thing or a set of things, also with words behind it: `all tmp files in old stuff`. */
const subject = '(?<what>[^,;:?!]+?)'
const shall = '(?:should|must|ought to|has to|have to|needs? to|shall|(?:is|are) to|can|may|to)'
/** words in which a deed is said of what it is done to. */
const done =
  '(?<verb>[a-z]{2,}(?:ed|wn)|written|taken|given|hidden|made|put|sent|cut|read|set|split|kept|found|brought|built|dealt|done|swept|got rid of|done away with)(?<particle>(?: (?:up|out(?! of\\b)|away|off|down|over)(?= |$)|))'
/** what makes a wish a question, a report, a ban or a choice. */
const doubtful =
  /\b(?:not|never|no|nothing|none|nobody|neither|nor|only|who|whom|whoever|what|which|whether|why|when|where|how|if|unless|until|because|since|said|says|think|thinks|thought|believe|hope|told|wonder|whatever|maybe|perhaps|probably|yet|already)\b/i
/** participles that describe what is there instead of asking for something. */
const describing =
  /^(?:called|named|titled|labelled|labeled|entitled|based|supposed|used|needed|wanted|required|allowed|interested|related|dated|owned|located|stored)$/i

const order = (groups: Readonly<Record<string, string>>): string | undefined => {
  const { verb = '', particle = '', what = '', rest = '' } = groups
  if (doubtful.test(what) || describing.test(verb) || /\b(?:already|yet)\b/i.test(rest)) return undefined
  return `${verb}${particle} ${what}${rest}`
}

const gone = (groups: Readonly<Record<string, string>>): string | undefined =>
  doubtful.test(groups['what'] ?? '') ? undefined : `delete ${groups['what'] ?? ''}`

const made =
  '(?<what>(?:a|an|one|another|two|three|four|five|\\d+) (?:new |empty |blank |second |spare |extra |text )*(?:file|folder|directory|subfolder|document|files|folders|directories|copy|duplicate|backup|zip|archive|tarball)\\b[^;?!]*?)'

const text = '⟦\\d+⟧'
/** a text in a file: in quotes, or a number; a plain word may be the name of a setting. */
const value = `(?:${text}|-?\\d[\\d.,]*\\d|\\d)`
const every = '(?:(?<every>every|each|all) )?(?:the )?(?:(?:word|text|number|string|value|phrase|line) )?'
const becomes = `(?:should|must|ought to|has to|have to|needs to|shall|is to|are to) (?:now |instead |really )?(?:be|become|read|say|turn into|change to|be changed to|be changed into)`

/** what stands between a reason and the wish. */
const after =
  '(?: any ?more| any longer| now| again)?(?:,|;|:|\\.|!| [-–—]| and)+ (?:so |please |can you |could you |just |you can |you may )*'

/** the wish with the thing of its reason. */
const about = ({ what = '', rest = '' }: Readonly<Record<string, string>>): string | undefined => put(rest, what)

const replaced = ({ file = '', from = '', to = '' }: Readonly<Record<string, string>>): string =>
  `in ${file} replace ${from} with ${to}`

export const wishes: readonly Rule[] = [
  // `180 in timer.cfg should become 200`, in every order of its parts
  rule(`in (?:the file )?(?<file>$thing),? ${every}(?<from>${value}) ${becomes} (?<to>${value})[.!]*`, replaced),
  rule(`${every}(?<from>${value}) in (?:the file )?(?<file>$thing) ${becomes} (?<to>${value})[.!]*`, replaced),
  rule(`${every}(?<from>${value}) ${becomes} (?<to>${value}) in (?:the file )?(?<file>$thing)[.!]*`, replaced),
  rule(
    `(?<file>$thing)(?:,|:| [-–—]) ${every}(?<from>${value}) ${becomes} (?<to>${value})(?: in (?:there|it|that file))?[.!]*`,
    replaced,
  ),
  rule(
    `(?:where|wherever) (?<file>${text}) (?:says|has|reads|contains) ${every}(?<from>${value}),? (?:it|that) (?:should|must|ought to|has to|shall) (?:say|be|read|have|become|contain) (?<to>${value})[.!]*`,
    replaced,
  ),
  rule(
    `(?:the file )?(?<file>${text}) (?:says|has|reads|contains) ${every}(?<from>${value})(?:,|;| [-–—])?(?: but| and| where| when| while)* (?:it|that|this) (?:should|must|ought to|has to|shall) (?:say|be|read|have|become) (?<to>${value})(?: instead)?[.!]*`,
    replaced,
  ),
  rule(
    `(?:please )?make ${every}(?<from>${value}) (?:read|say|be|become|into) (?<to>${value}) in (?:the file )?(?<file>$thing)[.!]*`,
    replaced,
  ),
  rule(
    `(?:please )?(?:change|edit|update|fix|alter|modify|correct) (?:the file )?(?<file>$thing) so that ${every}(?<from>${value}) (?:becomes|reads|is|says|turns into) (?<to>${value})[.!]*`,
    replaced,
  ),
  rule(
    `(?<file>${text}) (?:should|must|ought to|has to|shall) (?:(?:just|only|simply) (?:say|read|contain|hold)|(?:say|read|contain|hold) (?:just|only|nothing but|nothing else than|nothing except)) (?<to>${text})[.!]*`,
    ({ file = '', to = '' }) => `replace the contents of ${file} with ${to}`,
  ),
  rule(
    `(?<file>${text}) (?:should|must|ought to|has to|shall|needs to) be (?<state>empty|blank|all caps|(?:in )?(?:all )?(?:capitals|capital letters|upper ?case|lower ?case|small letters)|in (?:alphabetical|reverse|reverse alphabetical|numerical) order)[.!]*`,
    ({ file = '', state = '' }) =>
      /^(?:empty|blank)$/i.test(state)
        ? `empty ${file}`
        : / order$/i.test(state)
          ? `put the lines of ${file} ${state}`
          : `convert ${file} to ${state.replace(/^(?:in )?(?:all )?/i, '')}`,
  ),
  rule(
    `(?<each>each|every) line (?<of>in|of) (?<file>$thing) (?:should|must|ought to|has to) (?:appear|occur|be there|be in there|stand there) (?:only|just) once[.!]*`,
    ({ of = '', file = '' }) => `make sure each line ${of} ${file} appears only once`,
  ),
  rule(
    `(?<what>$thing) (?:should|must|ought to|has to|shall|needs to) be(?:come)? (?<how>read-only|read only|writable|executable|runnable|write-protected)[.!]*`,
    ({ what = '', how = '' }) => (doubtful.test(what) ? undefined : `make ${what} ${how}`),
  ),
  rule(
    `(?<what>$thing) (?:should|must|ought to|has to|shall|needs to) (?:have|get) (?:the )?(?:mode|permissions?|file mode) (?<mode>[0-7]{3,4}|${text})[.!]*`,
    ({ what = '', mode = '' }) => (doubtful.test(what) ? undefined : `set the mode of ${what} to ${mode}`),
  ),
  // what shall be there
  rule(
    `(?:please )?(?:there (?:should|must|has to|ought to|needs to|shall) be|let there be|(?:make|be) sure (?:that )?there(?: is|['’]s)|see to it that there(?: is|['’]s)) ${made}(?: here| in here)?[.!]*`,
    ({ what = '' }) => `make ${what}`,
  ),
  rule(
    `${made} (?:should|must|has to|ought to) (?:exist|be there|be here|be created here)(?<rest>(?: with | that | saying | containing | called | named |$).*?)[.!]*`,
    ({ what = '', rest = '' }) => `make ${what}${rest}`,
  ),
  rule(
    `${made} (?:would be (?:nice|great|lovely|good|handy|useful|helpful|perfect|fine)|(?:is|are) (?:needed|wanted|required)|(?:needed|wanted|required)|(?:is|are) what (?:i|we) need)(?: here| please)*[.!]*`,
    ({ what = '' }) => `make ${what}`,
  ),
  rule(
    `(?<kind>files|folders|directories|empty files|new folders|new files) (?:i need|we need|needed|wanted|required)(?: here)?(?:,|:| [-–—]) (?<names>.+?)[.!]*`,
    ({ kind = '', names = '' }) => `make the ${kind} ${names}`,
  ),
  rule(
    `(?<head>(?:i|we)(?:['’]d| would)? (?:want|need|like|love)|(?:make|create|set up|give)(?: me)?) (?<what>(?:two|three|four|five|six|\\d+) (?:new |empty )*(?:folders|directories|files|subfolders)) (?:right |in )?here(?<rest>(?:,|:| [-–—]| called| named).+)`,
    ({ what = '', rest = '' }) => `make ${what}${rest}`,
  ),
  // `make me 2 folders for this: a and b`
  rule(`(?:set|fix|sort) (?:me|us) up with ${made}[.!]*`, ({ what = '' }) => `make ${what}`),
  rule(
    `${subject} [-–—] (?:please )?make (?:that|it|this) (?<kind>a (?:new )?(?:folder|directory|file)|an empty (?:file|folder))(?: please)?[.!]*`,
    ({ what = '', kind = '' }) => (/ /.test(what) ? undefined : `make ${kind} called ${what}`),
  ),
  // `list.txt needs creating, with …`
  rule(
    `(?<what>${text}) needs (?:creating|making)(?:,? (?<rest>(?:with|containing|saying) .+?))?[.!]*`,
    ({ what = '', rest = '' }) => `create a file called ${what} ${rest}`.trimEnd(),
  ),
  rule(
    `(?:i|we)(?:['’]d| would)? (?:want|need|like|love)(?: to have)? (?<text>${text}) (?:saved|written|stored|put) (?<to>(?:in|into|to|as) (?:a |the )?(?:new )?(?:file)?(?: called| named)?),? (?<file>${text})[.!]*`,
    ({ text: said = '', to = '', file = '' }) => `save ${said} ${to} ${file}`,
  ),
  // what shall be gone
  rule(
    `(?:i|we)(?:['’]d| would)? (?:want|need|like|love)(?: to (?:have|see))? ${subject} (?:gone|out of here|out of the way|out of my sight|away|to disappear|to go|to go away|to vanish)(?: please)?[.!]*`,
    gone,
  ),
  rule(`(?:please )?make ${subject} (?:disappear|go away|vanish)(?: please)?[.!]*`, gone),
  rule(
    `${subject} (?:(?:has|have|needs?|ought) to|must|should|can|may) (?:now |all )?(?:go|disappear|vanish)(?: away| now| please)*[.!]*`,
    gone,
  ),
  // `the .tmp files need clearing out`
  rule(
    `${subject} needs? (?<verb>delet|remov|clear|eras|trash|tidy|sort|zipp|pack|unpack|extract|unzipp|mov|copy|renam|empty|add|reverse|convert|compress)ing(?<particle>(?: (?:up|out|away|off|down))?)(?<rest>(?: [^?]*?)?)[.!]*`,
    ({ what = '', verb = '', particle = '', rest = '' }) =>
      doubtful.test(what) ? undefined : `${verb}ing${particle} ${what}${rest}`,
  ),
  // the passive of a wish
  rule(
    `${subject} (?:should|must|ought to|has to|have to|needs? to|shall) be (?:replaced|changed) (?<with>with|by|to) (?<to>${text})[.!]*`,
    ({ what = '', with: by = '', to = '' }) =>
      /\bcontents?\b|\btext\b|\beverything\b/i.test(what)
        ? `replace ${what} with ${to}`
        : / in /.test(what)
          ? `replace ${what.replace(/^(?<from>.+) in (?<file>.+)$/, (_all, from: string, file: string) => `${from} ${by === 'to' ? 'with' : by} ${to} in ${file}`)}`
          : undefined,
  ),
  rule(
    `(?<place>in (?:the file )?$thing),? ${subject} (?:should|must|ought to|has to|have to|needs? to|shall) be ${done}(?<rest>(?:,? [^?]*?)?)[.!]*`,
    (groups) => {
      const said = order(groups)
      return said === undefined ? undefined : `${groups['place'] ?? ''} ${said}`
    },
  ),
  rule(`${subject} ${shall} (?:please |now |all |really )*be ${done}(?<rest>(?:,? [^?]*?)?)[.!]*`, order),
  rule(
    `(?:could|would|can|might) ${subject} (?:please |perhaps |possibly |all )+be ${done}(?<rest>(?:,? [^?]*?)?)(?: please| for me)*[?.!]*`,
    order,
  ),
  rule(
    `can (?<what>(?:a|an|another) [^,;:?!]+?) (?:please )?be (?<verb>made|created|set up|added)(?<rest>(?: [^?]*?)?)\\?*`,
    order,
  ),
  rule(
    `(?:i|we)(?:['’]d| would)? (?:want|need|like|love|prefer|wish)(?: to have| to get)? ${subject}(?: to be)? ${done}(?<rest>(?: [^?]*?)?)[.!]*`,
    order,
  ),
  rule(
    `(?:please )?(?:(?:make|be) sure|see to it|ensure|take care|arrange|let)(?: that)? ${subject} (?:is|are|be|gets?) ${done}(?<rest>(?:,? [^?]*?)?)[.!]*`,
    order,
  ),
  rule(
    `(?:please )?(?:(?:make|be) sure|see to it|ensure|take care)(?: that)? ${subject} (?:is|are|gets?) (?:gone|out of here|out of the way)[.!]*`,
    gone,
  ),
  rule(`(?:please )?(?:have|get) ${subject} ${done}(?<rest>(?: [^?]*?)?)[.!]*`, order),
  // `I want a folder called x with todo.md moved into it`
  rule(
    `(?<head>.+?) with (?<what>$thing) (?<verb>moved|copied|put) (?:in|into|inside) (?:it|there)[.!]*`,
    ({ head = '', what = '', verb = '' }) => `${head} and then ${verb} ${what} into it`,
  ),
  rule(
    `(?:please )?(?:get|take|bring|carry) (?<what>$thing) (?:over |across )?(?<to>(?:into|inside|over to) (?:the )?$thing)(?: please)?[.!]*`,
    ({ what = '', to = '' }) => (doubtful.test(what) ? undefined : `move ${what} ${to}`),
  ),
  // names
  rule(
    `(?:the )?(?:new )?name of (?<what>$thing) (?:should|must|ought to|has to|shall|is to) (?:now )?(?:be|become|be changed to|change to|read) (?<to>${text})(?: from now on| instead)?[.!]*`,
    ({ what = '', to = '' }) => `rename ${what} to ${to}`,
  ),
  rule(
    `(?<what>$thing) (?:needs|wants|should have|should get|must have|is to have|deserves) (?:a|another) (?:new |better |different )?name(?:,|:|;| [-–—]| of| namely)+ (?<to>$thing)[.!]*`,
    ({ what = '', to = '' }) => `rename ${what} to ${to}`,
  ),
  rule(
    `(?:i|we)(?:['’]d| would) (?:rather|prefer(?: it)?(?: if)?|like it if) (?<what>$thing) (?:was|were|be|is|to be) (?:called|named) (?<to>$thing)[.!]*`,
    ({ what = '', to = '' }) => `rename ${what} to ${to}`,
  ),
  // lines that belong into a file
  rule(
    `(?<file>${text}) (?:needs|wants|gets|could do with|should (?:have|get)|must (?:have|get)|is missing|lacks) (?:one more|another|an extra|a further|a new|a last|a final|a|one|an additional) (?:new |extra |last |final )?(?:line|row|entry|item)(?<where> (?:at|on) the (?:very )?(?:bottom|end|top|start|beginning))?(?:,|:| [-–—]| saying| reading| that (?:says|reads))+ (?<text>${text})[.!]*`,
    ({ file = '', where = '', text: said = '' }) =>
      where === '' ? `add ${said} to ${file}` : `add ${said}${where} of ${file}`,
  ),
  rule(
    `(?:the (?:line|row|entry|text|words?) )?(?<text>${text}) (?:should (?:go|come|be|stand)|must (?:go|come|be)|has to (?:go|be)|needs to (?:go|be)|belongs|goes) (?<where>(?:at|on) the (?:very )?(?:bottom|end|top|start|beginning) of (?:the file )?${text})[.!]*`,
    ({ text: said = '', where = '' }) => `add ${said} ${where}`,
  ),
  rule(
    `(?<verb>add|stick|put|append|insert|write|tack) (?:one more|another|an extra|a further|a new|a|one) (?:new |last |final )?(?<noun>line|row|entry|item) (?<where>(?:to|in|into|onto|at the (?:end|bottom|top|beginning|start) of) (?:the file )?${text})(?:,|:| [-–—]| saying| reading| that says| that reads| with the text| with)+ (?<text>${text})[.!]*`,
    ({ where = '', text: said = '' }) => `add ${said} ${where.replace(/^(?:in|into|onto) /i, 'to ')}`,
  ),
  rule(
    `(?:the file )?(?<file>${text}) (?:is missing|lacks|does not have|doesn['’]t have|misses) (?:the (?:line|entry|word|row|item) )?(?<text>${text})(?:,|;|\\.| [-–—]) (?:so |please |can you |could you )*(?:add|append) (?:it|that)(?: please| to it| at the end)*[.!?]*`,
    ({ file = '', text: said = '' }) => `add ${said} to ${file}`,
  ),
  rule(
    `(?:i|we) forgot (?<text>${text}) (?:on|in|from) (?<file>${text})(?:,|;|\\.| [-–—]) (?:so |please |can you |could you )*(?:add|append|put) (?:it|that)(?: please| on| in| there)*[.!?]*`,
    ({ file = '', text: said = '' }) => `add ${said} to ${file}`,
  ),
  // lines that are there too often
  rule(
    `(?<file>${text}) (?:has|contains|includes|is full of|got|has got) (?:some |a few |several |many |lots of |too many )?(?<noun>duplicates|duplicate lines|duplicated lines|repeated lines|double lines|blank lines|empty lines|duplicate entries|double entries)(?: in it)?(?:,|;|\\.|:| [-–—]| and)+ (?:so |please |can you |could you )*(?:remove|delete|drop|get rid of|strip|throw|take|weed) (?:them|those|these)(?: out| away)?(?: of it)?(?: please)?[.!?]*`,
    ({ file = '', noun = '' }) => `remove ${noun.replace(/\bentries$/i, 'lines')} from ${file}`,
  ),
  // `I'm done with x, you can delete it`; in `I saw a typo in x, delete it` the thing is another
  rule(
    `(?:i|we)(?:['’]m|['’]re|['’]ve| am| are| have)? (?:just |now |all |really |can |could |am )*(?:done|finished|through|fed up|bored|happy) with (?<what>${text})${after}(?<rest>[^⟦]+)`,
    about,
  ),
  rule(
    `(?:i|we)(?:['’]m|['’]re|['’]ve| am| are| have)? (?:just |now |really |can |could |got )*(?:no (?:more |further |real )?(?:use|need) for|tired of|sick of|do without|like|love|hate|wrote|made|created|edited|changed|saved|finished|found|have|want|need) (?:the file )?(?<what>${text})${after}(?<rest>[^⟦]+)`,
    about,
  ),
  // a reason before the wish, and `the file` of the wish is the one of the reason
  rule(
    `(?:the (?:file|folder|directory|archive) )?(?<what>${text}) (?<state>has|contains|is|got|looks|seems|includes|was|lies) (?<reason>[^,;:.!?⟦]+)(?:,|;|:|\\.|!| [-–—]) (?:so |please |can you |could you |just )*(?<rest>.+)`,
    ({ what = '', state = '', reason = '', rest = '' }) => {
      // what is so or not so decides something; `it` may be what the file has
      if (
        doubtful.test(reason) ||
        /\b(?:empty|older|newer|larger|bigger|smaller|over|under|more|less|missing|there|or|and)\b/i.test(reason)
      )
        return undefined
      const there = /\bthe (?:file|folder|directory|archive)(?: itself)?\b/i.exec(rest)
      if (there !== null) return rest.replace(there[0], () => what)
      return /^(?:is|was|lies|looks|seems)$/i.test(state) && !/^(?:the|an?) (?!wrong\b)/i.test(reason)
        ? put(rest, what)
        : undefined
    },
  ),
]
