// how the parts of a goal hang together: containing, called, into, at the end of.
import { ways } from './ways.ts'

/** concept → ways to say it. */
export const relations: Readonly<Record<string, readonly string[]>> = {
  contain: ways(`
    contain | mention | include | have | hold | with | say | use | reference | match | refer to |
    talk about | feature | import | define | show up | there be | containing`),
  holding: ways(`
    with text | with content | with contents | with word | with line | with following text |
    with following content | with sentence | with message | that say | say | that read | read | contain |
    that contain | contain text | contain word | contain line | contain sentence | with | and write |
    and put | hold | that hold | hold text | with text in it | whose content be | whose text be |
    whose content should be | which contain | which say | which read | and fill it with | fill with |
    with inside | and write in it | and write into it | and write to it | and put in it | with body |
    with initial content | have text | have content | have line | with as its content | with as content |
    include | that include | and content | and text | content | text | and save | and add | and add text |
    contain only | contain just | with just | with only | with words | with string | with phrase |
    contain phrase | contain string | and write text | and put text | it should say | it should contain |
    should say | should contain | that should say | that should contain | with line of text |
    it have to say | it must say | write | put | have in it | consist of | with title | with number`),
  devour: ways(`
    use | use up | eat | eat up | take | take up | hog | fill | fill up | gobble | gobble up | burn | burn up | chew | chew up |
    devour | drain | swallow | guzzle | munch | munch through | suck up | consume | occupy | chew through | eat into | eat away |
    keep busy | swallow up | soak up | tie up | clog | clog up | load | max out | steal`),
  called: ways(`
    call | name | by name of | with name | under name | title | entitle | label | as | know as |
    whose name be | that be call | which be call | that be name | to be call | and call it | and name it |
    of name | call it | name it | dub | go by name of | which i want to call | that go by name of |
    by name`),
  into: ways(`
    into | to | in | inside | onto | within | over to | over into | in to | inside of | under |
    across to | down to | down into | on to | away in | away into | straight into | up in`),
  inside: ways(`
    in | inside | within | under | from | of | inside of | below | beneath | underneath | out of | at |
    for | on`),
  as: ways(`
    as | to | into | in | under | under name | and save as | and save it as | and save them as |
    and save result as | and save result in | and save result to | and save them in | and save them to |
    and save it in | and save it to | and write result to | and write result into | and write them to |
    and write them into | and write it to | and write it into | and put result in | and put result into |
    and store result in | and store result as | and store them in | and store it in | and put it in |
    and put them in | and put it into | and put them into | with result in | with output in |
    and call result | and call it | and name it | and name result | and output to | and output it to |
    and output result to | call | name | by name of | under new name | with name | with new name |
    with output go to | save as | save to | save in | save into | so that it be call | so it be call |
    be now call | instead`),
  with: ways(`
    with | by | to | for | into | in place of | so that it read | so it read | so it say |
    so that it say | become | be`),
  at_end: ways(`
    at end | at end of | to end | to end of | on end | on end of | onto end | onto end of | at bottom |
    at bottom of | to bottom | to bottom of | onto bottom of | as last line | as last line of |
    as final line of | at very end of | to tail of | at tail of | as new last line of | as last line to |
    below last line of | to foot of | at foot of | after last line of | as last line in |
    as final line in | as new line in | as new line to | to very end of`),
  at_start: ways(`
    at start | at start of | at beginning | at beginning of | at top | at top of | to top | to top of |
    to start | to start of | to beginning | to beginning of | at front of | to front of | as first line |
    as first line of | as first line in | as first line to | in front of | on top of |
    before first line of | at head of | to head of | at very top of | at very beginning of | onto top of |
    before everything in | before everything else in | to very top of | onto start of |
    onto beginning of | above first line of`),
}
