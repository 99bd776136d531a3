// what can go wrong with memory, and what to do about it.
import { defineErrors } from '../../nucleus/errors.ts'

export const memoryErrors = defineErrors({
  NOTE_EMPTY: { title: 'there is nothing to remember', fix: 'say what: remember that the spare key is under the pot' },
  NOTE_TOO_LARGE: {
    title: 'a note has at most 16 KiB of text',
    fix: 'put it into a file and remember where that is',
  },
  MEMORY_FULL: {
    title: 'memory holds as many notes as its setting allows',
    fix: 'forget some, or raise maxNotes of memory in the configuration',
  },
  MEMORY_TOOL_UNKNOWN: {
    title: 'memory has no such tool',
    fix: 'use memory.remember, .recall, .list, .forget or .forget_all',
  },
  MEMORY_ARGUMENTS_INVALID: {
    title: 'a memory tool was called with arguments that it does not take',
    fix: 'look at the schema of the tool',
  },
  WORKING_KEY_INVALID: {
    title: 'a working-memory key has 1 to 200 characters, and its value lives for at least a millisecond',
    fix: 'choose a shorter key, or a time to live above zero',
  },
})
