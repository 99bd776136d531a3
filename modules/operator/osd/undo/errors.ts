// the errors of undoing.
import { defineErrors } from '../../../../nucleus/errors.ts'

export const undoErrors = defineErrors({
  NOTHING_TO_UNDO: { title: 'there is nothing to undo', fix: 'see `lotus audit show` for what was done' },
  UNDO_UNKNOWN: { title: 'this change is not known or no longer kept', fix: 'see `lotus runs` for what can be undone' },
  UNDO_DONE: { title: 'this is undone already', fix: 'name another change' },
  UNDO_CONFLICT: {
    title: 'this was changed since, so nothing is undone',
    fix: 'look at it, keep what you need elsewhere, put it back as it was or undo it by hand',
  },
})
