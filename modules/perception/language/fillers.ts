// politeness and small talk: words that a goal may have and that say nothing about it.
import { ways } from './ways.ts'

/** phrases that carry no meaning of their own; skipped between the parts of a pattern. */
export const fillerPhrases: readonly string[] = ways(`
  i would like to know | tell me | i want to know | can you tell me | could you tell me | do you know |
  let me know | i wonder | please tell me | i need to know | do you happen to know | any idea |
  would you tell me | can you say | i would love to know | do you have any idea | say | quick question |
  please | kindly | could you | can you | would you | will you | could you please | can you please |
  would you please | will you please | would you mind | do you mind | would you be so kind as to |
  would you be so kind | be so kind as to | be so good as to | would you be able to | be you able to |
  i want you to | i would like you to | i need you to | i would love you to |
  i would appreciate it if you could | it would be nice if you could | it would be great if you could |
  i would be grateful if you could | go ahead and | just | for me | to me | thank | thank you |
  thank a lot | thank you very much | thank in advance | many thank | hey | hi | hello | hi there |
  hello there | hey there | ok | okay | well | so | lotus | hey lotus | hi lotus | ok lotus |
  okay lotus | dear lotus | now | right now | at moment | at this moment | currently | at present |
  again | if you can | if you could | if possible | if you do not mind | if you please | quickly |
  real quick | quick | simply | actually | exactly | would you kindly | might you | perhaps | maybe |
  also | too | as well | still | be a dear and | be so kind to | any chance you could | help me |
  help me to | i be wonder if you could | i wonder if you could | when you have minute |
  when you get chance | for a second | my friend | good morning | good evening | good afternoon |
  first | first of all | let us | will you just | try to | ta | cheer | pls | plz |
  would it be possible to | be it possible to | i would ask you to | do me favour and |
  do me favor and | and | that be all | that be it | really | quite | anyway | then | next | at all |
  in total | altogether | overall | all together | all in all | on the whole | all told | precisely |
  approximately | roughly | about`)

/** fillers that may stand only at the very beginning or end of a clause, where they cannot change its meaning. */
export const edgeOnlyFillers: ReadonlySet<string> = new Set(
  ways(`
  i would like to know | tell me | i want to know | can you tell me | could you tell me | do you know |
  let me know | i wonder | please tell me | i need to know | do you happen to know | any idea |
  would you tell me | can you say | i would love to know | do you have any idea | say | quick question |
  first | let us | and | then | next | well | so | now | again | about | thank | quick | too | still |
  exactly | in total | altogether | overall | all together | ta | cheer | lotus | hi | good morning |
  good evening | good afternoon | first of all | at all | maybe | perhaps | ok`),
)

/** single words that patterns may skip anywhere between their parts. */
export const skippable: ReadonlySet<string> = new Set(
  ways(`
  a | an | the | please | just | kindly | this | these | those | my | our | currently | also | , | : |
  . | ! | ? | ; | - | – | — | … | simply | actually`),
)
