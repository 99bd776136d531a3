// the errors of undoing.
import { defineErrors } from '../../../../nucleus/errors.ts'

export const undoErrors = defineErrors({
  NOTHING_TO_UNDO: { title: 'there is nothing to undo', fix: 'see `lotus audit show` for what was done' },
  UNDO_UNKNOWN: { title: 'this change is not known or no longer kept', fix: 'see `lotus runs` for what can be undone' },
  NOT_IN_TRASH: {
    title: 'nothing of this name was put into the trash, or it is back already',
    fix: 'name it as it was called, with its folder; `lotus runs` shows what was deleted',
  },
  DELETED_TOGETHER: {
    title: 'this was deleted together with other things',
    fix: 'bring all of them back with `lotus undo` and the id that is named',
  },
  UNDO_DONE: { title: 'this is undone already', fix: 'name another change' },
  UNDO_CONFLICT: {
    title: 'this was changed since, so nothing is undone',
    fix: 'look at it, keep what you need elsewhere, put it back as it was or undo it by hand',
  },
})
