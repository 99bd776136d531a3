// what is said around a goal: why somebody asks, that it shall be done, `have got`; a closed list, nothing is guessed away.
import { put, rule } from './rule.ts'
import type { Rule } from './rule.ts'

const stop = '(?:,|;|:|\\.|!|\\?| [-–—])+ '
const why = [
  "(?:i|we)(?:['’]m| am|['’]re| are) (?:running|getting|nearly|almost|always|probably) (?:out|low|short)(?: of| on)? [^,;:.!?]+",
  '(?:things|it|everything|(?:the|this|my) (?:machine|computer|system|laptop|server|box|pc|disk|fan)) (?:feels?|is|are|seems?|looks?|has been|have been|got|gets|sounds?) (?:so |very |a bit |rather |really |too |awfully |quite )*(?:slow|sluggish|full|loud|hot|weird|strange|odd|laggy|busy|noisy|tight)(?: today| lately| again| now)?',
  "(?:i|we)(?:['’]d| would)? (?:want|need|like|have|am trying|['’]m trying|am about|['’]m about|am going|['’]m going|plan) to (?:tidy|clean|free|make room|make space|check something|look something up|find something|get organised|get organized|sort something out)[^,;:.!?]*",
  '(?:am i|are we|is (?:the|my|this) (?:disk|machine|computer|memory)) (?:running |getting |nearly |almost )*(?:low|short|out|full)(?: on| of)?(?: (?:disk|space|disk space|memory|ram|room))*',
  "(?:i|we)(?:['’]m| am|['’]re| are)(?: just)? (?:curious|wondering|not sure|interested|in a hurry)",
  '(?:just )?(?:checking|curious|wondering|asking)',
  'for (?:later|the record|reference|future reference|my information|information)',
  '(?:a |one )?(?:quick|small|little|simple) (?:one|question|thing|favour|favor|request|check)',
  '(?:before i forget|one more thing|another thing|by the way|btw|oh|right|sorry|thanks|cheers|alright|sure|great|hmm|hm|um|erm|morning|afternoon|evening|good day|hi again|hello again)',
].join('|')
const again =
  '(?:please |so please |and please |so |and |now )*(?:do it|do that|do so|go ahead|make it so|get on with it|get it done|sort it out|will you|would you|can you|could you|ok|okay|right|if you would|would you mind)(?: (?:now|please|for me|then))*'

/** what people say that they want to do to files. */
const deeds =
  '(?:move|shift|copy|duplicate|rename|make|create|add|append|put|write|save|zip|pack|unpack|unzip|extract|sort|replace|change|swap|count|list|find|search|look for|compare|empty|clear|remove|delete|trash|bin|get rid of|throw|insert|restore|undo|join|merge|combine|convert|reverse|compress|archive|back up)'

export const smallTalk: readonly Rule[] = [
  rule(`(?:${why})${stop}(?<rest>.+)`, ({ rest = '' }) => rest),
  rule(
    `(?<head>.+?)${stop}(?:please |so |and )*do (?:it|that|so) (?<where>(?:right |over )?here(?: in this folder)?|in this folder|there)[.!?]*`,
    ({ head = '', where = '' }) => `${head} ${where}`,
  ),
  rule('(?<head>.+ )(?:right|over|just) here(?<rest>.*)', ({ head = '', rest = '' }) => `${head}here${rest}`),
  rule(
    '(?<head>.+ here),? in (?:this|the current|my current) (?:folder|directory)(?<end>[?.!]*)',
    ({ head = '', end = '' }) => head + end,
  ),
  rule(`(?<head>.+?)${stop}(?:${again})[.!?]*`, ({ head = '' }) => head),
  rule(
    `(?<head>.+?),? (?:from now on|as of now|from here on|once and for all|straight away|right away|at once)[.!]*`,
    ({ head = '' }) => head,
  ),
  // `how many lines has report.txt got?` is `how many lines does report.txt have?`
  rule(
    `(?<what>how many|how much|which|what|what sort of|what kind of)(?<noun> .+?)? (?:has|have|['’]s) (?<who>.+?) got(?<rest>.*)`,
    ({ what = '', noun = '', who = '', rest = '' }) =>
      `${what}${noun} ${/^(?:i|we|you|they)$/i.test(who) ? 'do' : 'does'} ${who} have${rest}`,
  ),
  rule(
    `(?:has|have) (?<who>.+?) got (?<rest>.+)`,
    ({ who = '', rest = '' }) =>
      `${/^(?:i|we|you|they)$/i.test(who) || / and /.test(who) ? 'do' : 'does'} ${who} have ${rest}`,
  ),
  rule(
    `(?<head>.*?\\b(?:i|you|we|they))(?:['’]ve| have) got\\b(?<rest>.*)`,
    ({ head = '', rest = '' }) => `${head} have${rest}`,
  ),
  // a leave is a wish
  rule(
    `you (?:can|may|could|might)(?: now| just| please| go ahead and)* (?<rest>(?!have\\b|be\\b|not\\b|never\\b|only\\b|want\\b|need\\b)[^?]+)`,
    ({ rest = '' }) => rest,
  ),
  rule(`(?:let['’]s|let us) (?<rest>(?!not\\b|never\\b)[^?]+)`, ({ rest = '' }) => rest),
  rule(`(?<head>.+?),? if (?:there (?:are|is) )?any[.!?]*`, ({ head = '' }) => head),
  // a wish to do it oneself is one to have it done
  rule(
    `(?:(?:i|we)(?:['’]d| would)? (?:want|like|need|love|wish) to|we (?:should|ought to|need to)|(?:it['’]s |it is )?time to) (?:now |please |also )*(?<rest>${deeds}\\b[^?]+)`,
    ({ rest = '' }) => rest,
  ),
  rule(`what exactly (?<rest>.+)`, ({ rest = '' }) => `what ${rest}`),
  rule(`feel free to (?<rest>[^?]+)`, ({ rest = '' }) => rest),
  // `I can't find todo.md, where is it?`
  rule(
    `(?:i|we) (?:can['’]t|cannot|can not|could not|couldn['’]t|am unable to) (?:find|see|locate|spot|remember where i put) (?<what>$thing)(?:any ?more)?${stop}(?<rest>.+)`,
    ({ what = '', rest = '' }) => put(rest, what),
  ),
  rule(
    `(?:has|have) (?:anyone|anybody|you) seen (?<what>$thing)(?: anywhere| lately)?\\?*`,
    ({ what = '' }) => `where is ${what}`,
  ),
  rule(
    `(?:i(?: am|['’]m)? wonder(?:ing)?|(?:do|would) you (?:happen to )?know|i(?: am|['’]m) not sure|i(?:['’]d| would) (?:like|love) to know|i (?:want|need) to know|can you (?:check|tell me|see)|could you (?:check|tell me|see)) (?:whether|if) (?<rest>.+?)\\?*`,
    ({ rest = '' }) => `check whether ${rest}`,
  ),
  // `I wonder how large photos is` is `how large is photos`
  rule(
    `(?:i(?: am|['’]m)? wonder(?:ing)?|i(?:['’]d| would) (?:like|love) to know|(?:do|would) you (?:happen to )?know|(?:can|could|would) you (?:please )?(?:tell|say)(?: me)?|(?:please )?tell me|let me know|find out|i (?:want|need) to know|any idea) (?<ask>how (?:big|large|heavy|old|long|full|many [a-z]+|much [a-z ]+?)|where|who|what|when|which [a-z]+) (?<who>(?:(?!\\b(?:is|are|was|were|has|have)\\b).)+?) (?<is>is|are|was|were|has|have)(?<rest>(?: [^,;]*)?)`,
    ({ ask = '', who = '', is = '', rest = '' }) => `${ask} ${is} ${who}${rest}`,
  ),
  // `which folder is styles.css in?`
  rule(
    `(?:in )?(?:which|what) (?:folder|directory|subfolder) (?:is|does|do|can i find|would i find|holds|contains|has) (?<what>⟦\\d+⟧)(?: live| lie| sit| stored| kept)?(?: in)?\\?*`,
    ({ what = '' }) => `where is ${what}`,
  ),
  // `look inside photos.zip and tell me what it contains`
  rule(
    `(?:have a |take a )?(?:look|peek|glance)(?: in| into| at| inside)+ (?<what>⟦\\d+⟧) and (?<rest>(?:tell|show|say|let|list).+)`,
    ({ what = '', rest = '' }) => put(rest, what) ?? undefined,
  ),
]
