// what is needed or should be, said as what shall be done: `backup.zip needs unpacking`, `I don't need x, chuck it out`.
import { put, rule } from './rule.ts'
import type { Rule } from './rule.ts'

const please =
  "(?:so |and |then |please |just |now |could you |can you |will you |would you |you can |you may |let us |let's )*"
const stop = '(?:,|;|:|\\.|!| [-–—]) '
const madeOf = '(?<what>(?:a|an|one|another|some|two|three|four|five|\\d+) (?:new |empty |second |spare |extra )*.+?)'

/** `it`, `them` of a wish that follows a statement, in which the thing was named. */
const about = ({ what = '', rest = '' }: Readonly<Record<string, string>>): string | undefined => put(rest, what)

export const needs: readonly Rule[] = [
  rule(
    `(?:i|we) (?:do not|don['’]t|no longer|won['’]t) (?:really )?(?:need|want|use)(?: to keep)? (?<what>$thing)(?: any ?more| any longer| now| again)?${stop}${please}(?<rest>.+)`,
    about,
  ),
  rule(
    `(?<what>$thing) (?:(?:is|are) |isn['’]t |aren['’]t )(?:no longer (?:needed|wanted|in use)|(?:not )?(?:needed|wanted|used) any ?more|obsolete|useless|rubbish|junk|out of date|outdated)${stop}${please}(?<rest>.+)`,
    about,
  ),
  rule(
    `(?:i|we)(?:['’]d| would)? (?:need|want|like|love|could do with|require)(?: to have)? ${madeOf}${stop}(?:please |could you |can you |would you |will you )+(?:please )?(?<verb>make|create|add|set up|start)(?: me)? (?:one|it|them|that|those)(?: up)?(?: for me)?(?: please)?[?.!]*`,
    ({ verb = '', what = '' }) => `${verb} ${what}`,
  ),
  // `I need the nested directories a/b/c, please set them up`
  rule(
    `(?:i|we)(?:['’]d| would)? (?:need|want|like|require)(?: to have)? (?<what>the (?:nested |new |empty |following )*(?:folders?|director(?:y|ies)|files?) [^,;:?!]+?)${stop}(?:please |could you |can you |would you |will you )+(?:please )?(?:(?:make|create|add|set up) (?:it|them|that|those)|set (?:it|them|that|those) up)(?: for me)?(?: please)?[?.!]*`,
    ({ what = '' }) => `create ${what}`,
  ),
  rule(
    `(?<what>$thing) needs? (?:to be )?(?<verb>[a-z]+?(?:ing|ed))(?<rest>.*)`,
    ({ what = '', verb = '', rest = '' }) => `${verb} ${what}${rest}`,
  ),
  // `could labels be zipped up as x.zip?`
  rule(
    `(?:could|would) (?<what>$thing) (?:please |perhaps |possibly )?be (?<verb>[a-z]+(?:ed|wn|en)|made|put|sent|cut|read)(?<particle> (?:up|out|away|off|down))?(?<rest> .+?|)(?: please| for me)*[?.!]*`,
    ({ what = '', verb = '', particle = '', rest = '' }) => `${verb}${particle} ${what}${rest}`,
  ),
  rule(
    `(?<what>$thing) (?:should|must|ought to|has to|have to|shall|is to|needs to) be (?:called|named|renamed(?: to| as)?|known as) (?<to>$thing)(?: from now on| from here on| instead| now)?(?<end>[.!]?)`,
    ({ what = '', to = '' }) => `rename ${what} to ${to}`,
  ),
  rule(
    `(?<what>$thing) (?:belongs?|(?:should|ought to|must|has to|needs to|wants to|shall) (?:go|be|live|lie|sit|stay|end up)|goes) (?<to>(?:in|into|inside|under) (?:the )?$thing)(?:${stop}${please}(?:move|shift|put|bring|stick) (?:it|them) (?:there|in|over))?[.!]?`,
    ({ what = '', to = '' }) => `move ${what} ${to.replace(/^(?:in|inside|under) /i, 'into ')}`,
  ),
  rule(
    `(?<file>⟦\\d+⟧) (?:should|must|ought to|has to) (?:say|read|have|contain) (?<to>.+?) (?:instead of|rather than|in place of) (?<from>[^,;]+?)(?:${stop}${please}(?:change|fix|correct|edit|update|mend|do) (?:it|that|this|so))?[.!]?`,
    ({ file = '', to = '', from = '' }) => `in ${file} replace ${from} with ${to}`,
  ),
  rule(
    `(?:take|grab|get|pick up|fetch) (?<what>.+?)(?:,| and| then|, and)+ ${please}(?:put|stick|move|drop|place|stash|shift|pop) (?:it|them|that|this) (?<to>(?:in|into|inside|to|under|right|over|back|here|there)\\b.*)`,
    ({ what = '', to = '' }) => `move ${what.replace(/ out of /i, ' from ')} ${to}`,
  ),
  rule(
    `(?<head>.+?)[,;]? (?:and |then |please |just )*(?:call|name|label|title) (?:it|them|that|the (?:copy|result|archive|new one|new file|new folder|file|folder|zip)) (?<name>.+)`,
    ({ head = '', name = '' }) => `${head} called ${name}`,
  ),
  rule(
    `(?:i|we)(?:['’]d| would)? (?:need|want|like|love)(?: to have)? (?<what>(?:a|an|another) (?:(?:second|spare|extra|new|backup|fresh|further) )*(?:copy|duplicate|backup|zip|tarball|archive|zip file|zip archive) .+)`,
    ({ what = '' }) =>
      `make a ${what.replace(/^(?:a|an|another) (?:(?:second|spare|extra|new|backup|fresh|further) )*/i, '')}`,
  ),
  rule(
    `(?<verb>make|create|take|do|get|give|keep|put|save|leave|store|have)(?: me)? (?:a|an|one|another) (?:(?:second|spare|extra|new|fresh|further) )*(?<what>(?:copy|duplicate|backup|backup copy) of .+)`,
    ({ what = '' }) => `make a ${what}`,
  ),
  rule(
    `before (?:you )?(?<verb>[a-z]+(?: out| away| up)?) (?<what>$thing), ${please}(?<rest>.+)`,
    ({ verb = '', what = '', rest = '' }) => {
      const first = put(rest, what) ?? (rest.includes(what) ? rest : undefined)
      return first === undefined ? undefined : `${first} and then ${verb} ${what}`
    },
  ),
  rule(
    `(?<then>[a-z]+) (?<what>$thing) after (?:you )?(?:have )?(?<verb>[a-z]+(?:ing|ed)) (?:it|them|that|the file)(?<rest> .+)`,
    ({ then = '', what = '', verb = '', rest = '' }) => `${verb} ${what}${rest} and then ${then} ${what}`,
  ),
  rule(
    `(?:after|once|when) (?:you ?)?(?:have |having |['’]ve )?(?<verb>[a-z]+(?:ing|ed)|made) (?<what>$thing)(?<more> (?:to|into|as|in) (?:the )?$thing)?, ${please}(?<rest>.+)`,
    ({ verb = '', what = '', more = '', rest = '' }) => `${verb} ${what}${more} and then ${rest}`,
  ),
]
