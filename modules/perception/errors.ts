// what can be wrong with an input before anybody tries to understand it.
import { defineErrors } from '../../nucleus/errors.ts'

export const perceptionErrors = defineErrors({
  GOAL_EMPTY: { title: 'the goal is empty', fix: 'say what you want, for example: find files larger than 10 MB' },
  GOAL_TOO_LONG: { title: 'the goal is too long', fix: 'put the text into a file and name the file in the goal' },
  GOAL_HAS_NUL: { title: 'the goal contains a NUL character', fix: 'remove it; text never needs one' },
})
