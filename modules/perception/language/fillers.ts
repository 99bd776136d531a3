// politeness and small talk: words that a goal may have and that say nothing about it.
import { ways } from './ways.ts'

/** phrases that carry no meaning of their own anywhere in a goal. */
export const fillers: readonly string[] = ways(`
  please | kindly | could you | can you | would you | will you | could you please | can you please |
  would you please | will you please | would you mind | do you mind | would you be so kind as to |
  would you be so kind | be so kind as to | be so good as to | would you be able to | be you able to |
  i want you to | i would like you to | i need you to | i would love you to |
  i would appreciate it if you could | it would be nice if you could | it would be great if you could |
  i would be grateful if you could | go ahead and | just | for me | to me | right now | at moment |
  at this moment | currently | at present | if you can | if you could | if possible | if you do not mind |
  if you please | quickly | real quick | simply | actually | would you kindly | might you | also |
  be a dear and | be so kind to | any chance you could | help me | help me to |
  i be wonder if you could | i wonder if you could | when you have minute | when you get chance |
  for a second | will you just | try to | pls | plz | would it be possible to | be it possible to |
  i would ask you to | could i trouble you to | may i trouble you to | might i ask you to | may i ask you to | could i ask you to | can i ask you to | can i get you to | could i get you to | i be hope you could | i be hope you can | would you be willing to | how about you | be you able to | you could | i want to ask you to | would it be ok to | be it ok to | do me favour and | do me favor and | really | quite | all in all | on the whole |
  all told | by any chance | by chance | precisely | approximately | roughly`)

/** phrases without meaning at the very beginning. */
export const openingFillers: readonly string[] = ways(`
  i would like to know | tell me | i want to know | can you tell me | could you tell me | do you know |
  let me know | i wonder | please tell me | i need to know | do you happen to know | any idea |
  would you tell me | can you say | i would love to know | do you have any idea | say | quick question |
  hey | hi | hello | hi there | hello there | hey there | ok | okay | well | so | lotus | hey lotus |
  hi lotus | ok lotus | okay lotus | dear lotus | now | quick | perhaps | maybe | my friend |
  good morning | good evening | good afternoon | first | first of all | let us | and | then | next |
  anyway | exactly | about | still`)

/** phrases without meaning at the very end. */
export const closingFillers: readonly string[] = ways(`
  thank | thank you | thank a lot | thank you very much | thank in advance | many thank | ta | cheer |
  lotus | now | again | too | as well | still | quick | exactly | in total | altogether | overall |
  all together | at all | my friend | then | that be all | that be it | perhaps | maybe | ok`)

/** single words that patterns may skip anywhere between their parts. */
export const skippable: ReadonlySet<string> = new Set(
  ways(`
  a | an | the | please | just | kindly | this | these | those | my | our | currently | also | , | : |
  . | ! | ? | ; | - | – | — | … | simply | actually`),
)
