// the words LOTUS knows: concepts with the ways people say them, in base form. patterns of traces name the concepts.
// a phrase of several words is matched over lemmas, articles between them are skipped.
import { actions } from './actions.ts'
import { relations } from './relations.ts'
import { things } from './things.ts'
import { topics } from './topics.ts'

/** concept → the ways to say it. inflected forms (files, deleting, moved) are derived. */
export const concepts: Readonly<Record<string, readonly string[]>> = { ...actions, ...relations, ...things, ...topics }
