// what each route says about itself: its group, a sentence, and the answers that all have in common.
import { ProblemBody } from '../wire/problem.ts'

/** answers that every route may give. */
export const problems = { '4xx': ProblemBody, '5xx': ProblemBody } as const

/** the groups of routes, in the order of the documentation. */
export const tags = {
  goals: 'State a goal, answer its question, see what became of it.',
  events: 'What happens, as it happens.',
  flows: 'Durable work of modules, which outlives the process.',
  memory: 'Notes of the long-term memory.',
  reminders: 'What is to come, what has come due, and who was told.',
  modules: 'What LOTUS is made of.',
  nodes: 'The nuclei that form one system.',
  governance: 'What is allowed, and what was done.',
  knowledge: 'What LOTUS can do by itself, and with whom.',
  keeping: 'What LOTUS remembers about itself.',
  system: 'Health, metrics and this documentation; the only ones without a token.',
} as const

export type Tag = keyof typeof tags

/** marks a route as usable without a token. */
export const isPublic = { access: 'public' } as const

/** takes tokens for hooks too: a goal may be stated. */
export const forHooks = { purposes: ['api', 'hook'] } as const

/** takes tokens for modules too: nothing acts. */
export const forModules = { purposes: ['api', 'module'] } as const
