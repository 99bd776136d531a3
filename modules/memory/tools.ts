// the tools that memory offers to plans: remember, recall, list, forget.
import { z } from 'zod'
import type { Json, ToolCall, ToolDescription, ToolResult, Tools } from '../operator/contract.ts'
import type { Memory } from './contract.ts'
import { memoryErrors } from './errors.ts'
import type { Notes } from './notes.ts'
import { areAllMeant } from './recall/choose.ts'
import {
  sayAll,
  sayForgotten,
  sayForgottenAll,
  sayNothingToForget,
  sayRecalled,
  sayRemembered,
  sayWhichToForget,
} from './say.ts'

const textArguments = z.strictObject({ text: z.string() })
const noArguments = z.strictObject({})

const tools = {
  'memory.remember': {
    description: 'keeps a note for the person in long-term memory',
    input: textArguments,
    risk: 'low',
  },
  'memory.recall': {
    description: 'answers from what the person asked to remember; nothing where the topic is unknown',
    input: textArguments,
    risk: 'none',
  },
  'memory.list': { description: 'lists all notes', input: noArguments, risk: 'none' },
  'memory.forget': {
    description: 'forgets for good the notes that are clearly about something; asks where several fit',
    input: textArguments,
    // it can't be undone, but it names what goes: asked for, and --yes answers.
    risk: 'medium',
  },
  // all at once and for good: only a person's own yes will do.
  'memory.forget_all': { description: 'forgets all notes for good', input: noArguments, risk: 'high' },
} as const satisfies Record<string, Omit<ToolDescription, 'name' | 'undoable' | 'input'> & { input: z.ZodType }>

/** @param memory - the service itself, so that what a tool forgets is told and swept like anything else */
export function createMemoryTools(notes: Notes, memory: Pick<Memory, 'forget'>): Tools {
  const bodies: Readonly<Record<keyof typeof tools, (text: string) => Promise<ToolResult>>> = {
    'memory.remember': async (text) => {
      const { item, known } = await notes.remember({ text, source: 'person' })
      return { text: sayRemembered(item.text, known), data: { id: item.id, known } }
    },
    'memory.recall': async (text) => {
      const { question, chosen } = await notes.answer(text)
      const texts = chosen.map((one) => one.note.text)
      return { text: sayRecalled(question, texts), data: { notes: texts, count: texts.length } }
    },
    'memory.list': async () => {
      const [items, total] = [await notes.list({ limit: 1_000 }), await notes.count()]
      const texts = items.map((item) => item.text)
      return { text: sayAll(texts, total), data: { notes: texts, count: total } }
    },
    'memory.forget': async (text) => {
      const { question, chosen } = await notes.answer(text)
      const texts = chosen.map((one) => one.note.text)
      if (chosen.length === 0) return { text: sayNothingToForget(question), data: { forgotten: 0 } }
      if (chosen.length > 1 && !areAllMeant(question, chosen)) {
        return { text: sayWhichToForget(texts), data: { forgotten: 0, candidates: texts } }
      }
      const forgotten = await memory.forget(chosen.map((one) => one.note.id))
      return { text: sayForgotten(question, forgotten), data: { forgotten } }
    },
    'memory.forget_all': async () => {
      const ids: string[] = []
      for (;;) {
        const items = await notes.list({ limit: 1_000, after: ids.at(-1) ?? '' })
        if (items.length === 0) break
        ids.push(...items.map((item) => item.id))
      }
      const forgotten = ids.length === 0 ? 0 : await memory.forget(ids)
      return { text: sayForgottenAll(forgotten), data: { forgotten } }
    },
  }
  const describe = (): ToolDescription[] =>
    Object.entries(tools).map(([name, tool]) => ({
      name,
      description: tool.description,
      risk: tool.risk,
      undoable: false,
      input: z.toJSONSchema(tool.input) as Json,
      // sweeping a large file after a deletion takes its time.
      timeoutMs: 30_000,
    }))
  // asked for whenever any module comes or goes, and always the same.
  let described: ToolDescription[] | undefined
  return Object.freeze({
    list: async () => (described ??= describe()),
    run: async (name: string, args: { readonly [name: string]: Json }, _call: ToolCall) => {
      if (!(name in tools)) throw memoryErrors.MEMORY_TOOL_UNKNOWN({ value: name })
      const known = name as keyof typeof tools
      const parsed = tools[known].input.safeParse(args)
      if (!parsed.success) {
        const detail = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
        throw memoryErrors.MEMORY_ARGUMENTS_INVALID({ value: name, detail })
      }
      return await bodies[known]('text' in parsed.data ? parsed.data.text : '')
    },
  })
}
