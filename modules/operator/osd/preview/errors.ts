// the errors of looking ahead; a person sees them as a note beside the step.
import { defineErrors } from '../../../../nucleus/errors.ts'

export const previewErrors = defineErrors({
  PREVIEW_INCOMPLETE: {
    title: 'what this changes is only known when the steps before it have run',
    fix: 'state the steps one after the other to see each before it happens',
  },
  PREVIEW_FULL: {
    title: 'more changes than are shown beforehand',
    fix: 'ask for less at once to see all of it',
  },
})
