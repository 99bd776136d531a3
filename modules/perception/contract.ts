// perception's public face: inputs become events, words become intents, and reminders become inputs when they are due.
import { z } from 'zod'
import { defineEvent } from '../../nucleus/events/event.ts'
import { defineService } from '../../nucleus/services/service.ts'

/** where an input came from and how its answer will be shown. */
export const ClientContext = z.object({
  channel: z.enum(['cli', 'http', 'chat', 'timer']),
  /** IANA name of the client's time zone. */
  timeZone: z.string(),
  /** BCP 47. */
  locale: z.string(),
  /** columns of the client's terminal. */
  width: z.number().int(),
})
export type ClientContext = z.output<typeof ClientContext>

/** how much harm a goal could do, judged from its words before anybody asks whether it can be done. */
export const GoalRisk = z.enum(['none', 'low', 'medium', 'high', 'critical'])
export type GoalRisk = z.output<typeof GoalRisk>

/** one word or mark of a goal. */
export const Token = z.object({
  /** as the person wrote it. */
  text: z.string(),
  /** lower case, contractions opened, spelling mended, inflection removed. */
  lemma: z.string(),
  /** lower case, contractions opened, nothing mended. */
  lower: z.string(),
  kind: z.enum(['word', 'number', 'quoted', 'path', 'mark']),
  /** offsets in the goal's text, or in that of the sentence that says the same; the second exclusive. */
  at: z.number().int(),
  end: z.number().int(),
})
export type Token = z.output<typeof Token>

/** a typed reading of some tokens; readings overlap, whoever matches chooses. */
export const Slot = z.object({
  /** `path`, `new_path`, `size`, `duration`, `count`, `time`, `text`, `file_set`, `expression` … */
  type: z.string(),
  /** first token and the one after the last. */
  from: z.number().int(),
  to: z.number().int(),
  /** plain data, its shape depends on the type; see modules/perception/slots. */
  value: z.json(),
  /** 0 to 1. */
  confidence: z.number(),
})
export type Slot = z.output<typeof Slot>

/** kinds of doing that a goal can forbid; `change` is every alteration of what is there. */
export const Deed = z.enum(['delete', 'move', 'extract', 'change', 'anything'])
export type Deed = z.output<typeof Deed>

/** what a goal says must not be done: to one path, or at all. */
export const Forbidden = z.object({ deed: Deed, path: z.string().optional() })
export type Forbidden = z.output<typeof Forbidden>

/** a plain fact about a file or folder that a goal depends on. */
export const Proviso = z.object({
  path: z.string(),
  is: z.enum(['there', 'not_there', 'empty', 'not_empty', 'larger', 'smaller', 'older', 'newer']),
  /** bytes of `larger` and `smaller`, milliseconds of `older` and `newer`. */
  than: z.number().optional(),
})
export type Proviso = z.output<typeof Proviso>

/** one imperative or question of a goal; `a and then b` has two. */
export const Clause = z.object({
  text: z.string(),
  tokens: z.array(Token),
  slots: z.array(Slot),
  /** whether it ends with a question mark. */
  question: z.boolean(),
  /** it has no verb of its own and takes that of an earlier clause: `count the lines in a and the words in b`. */
  borrowed: z.boolean().optional(),
  /** it is a path only, and takes all that stands before the path of the first clause: for looking, never for changes. */
  shared: z.boolean().optional(),
  /** it is not the first, and begins with nothing to do and no question of its own. */
  verbless: z.boolean().optional(),
  /** what must not be done on the way; holds for the whole goal. */
  forbids: z.array(Forbidden).optional(),
  /** what must be so, else nothing of the whole goal is done. */
  provided: z.array(Proviso).optional(),
})
export type Clause = z.output<typeof Clause>

export const Intent = z.object({
  /** the goal as written, trimmed. */
  text: z.string(),
  /** lemmas joined: the same for goals that differ in politeness, case and articles only. */
  normalised: z.string(),
  /** ways to cut the goal into clauses, the most likely first; the first that is understood as a whole counts. */
  segmentations: z.array(z.array(Clause)),
  risk: GoalRisk,
  /** why the risk is high or critical: the danger that was recognised, in words. */
  danger: z.string().optional(),
  /** why it is understood and all the same not done: it asks for what LOTUS does in no way, or in another. */
  declined: z.string().optional(),
  /** `en`, or the language the goal seems to be in. */
  language: z.string(),
  /** 0 to 1: share of the words that were understood. */
  confidence: z.number(),
})
export type Intent = z.output<typeof Intent>

export const InputReceived = defineEvent({
  type: 'input.received',
  durability: 'journaled',
  description: 'a person or a timer said something to LOTUS; emitted by perception before it is interpreted.',
  data: z.object({ text: z.string(), client: ClientContext, session: z.string() }),
})

export const GoalAccepted = defineEvent({
  type: 'goal.accepted',
  durability: 'journaled',
  description: 'an input was understood as a goal; from here on it is one flow, started once a trace id.',
  data: z.object({
    traceId: z.string(),
    intent: Intent,
    client: ClientContext,
    session: z.string(),
    /**
     * true: the goal is about notes. its words stay out of the journal, so that forgetting a note is enough; `intent` is
     * empty and `perception.takeIntent` has it, as long as this process lives.
     */
    private: z.boolean().optional(),
    /** the run whose question this answers. */
    answers: z.string().optional(),
    /** a capability with an expiry, useless without osd's own record of it. */
    ticket: z.string(),
  }),
})

export const TimerFired = defineEvent({
  type: 'timer.fired',
  durability: 'journaled',
  description: 'a reminder or timer is due.',
  data: z.object({
    reminderId: z.string(),
    text: z.string(),
    dueAt: z.string(),
    /** more than a minute behind its time: the machine was off or asleep. */
    late: z.boolean(),
  }),
})

export interface GoalInput {
  readonly text: string
  readonly ticket: string
  /** entries of the ticket's working folder, where the caller knows them; else osd is asked. */
  readonly names?: readonly { readonly path: string; readonly kind: string }[]
  readonly client: ClientContext
  /** goals of one session share context; default: one session a channel and person. */
  readonly session?: string
  /** the trace id of a run that ended with a question, which this text answers. */
  readonly answers?: string
  /** chosen by whoever must listen before the first event comes; default: a fresh one. */
  readonly traceId?: string
}

export interface Reminder {
  readonly id: string
  readonly text: string
  readonly kind: 'reminder' | 'timer'
  /** RFC 3339 with offset: the next time it is due. */
  readonly dueAt: string
  /** a cron pattern for repeated ones. */
  readonly repeats?: string
  readonly timeZone: string
}

/** a reminder that has come due; it is told to each person once. */
export interface DueReminder {
  /** names this notice; it stands for more slots than before under another one. */
  readonly id: string
  readonly reminderId: string
  readonly text: string
  readonly kind: Reminder['kind']
  /** RFC 3339 with offset: the first slot that it stands for, and the last. */
  readonly dueAt: string
  readonly lastDueAt: string
  /** how many slots: a repeated reminder that nobody was told of is one notice. */
  readonly times: number
  /** LOTUS was not there when it was due. */
  readonly missed: boolean
  /** RFC 3339; absent where this person is still to be told. */
  readonly toldAt?: string
  /** all of it in words, by the asker's clock: `reminder: tea — due today at 16:00 (5 min ago)`. */
  readonly said: string
}

/** who is told, and how their clock is read. */
export interface ReminderListener {
  /** the name of the person: each is told for themselves. */
  readonly person: string
  readonly timeZone: string
  readonly locale: string
}

export interface Perception {
  /** journals the input, interprets it, emits `goal.accepted`. gives the trace id of the run. */
  submit(input: GoalInput): Promise<{ traceId: string }>
  /** what LOTUS understands, without doing anything. `names` are the entries of the working folder. */
  interpret(input: {
    text: string
    client: ClientContext
    names?: readonly { path: string; kind: string }[]
  }): Promise<Intent>
  reminders(): Promise<Reminder[]>
  /** what has come due and this person was not told. with `lend` nobody else gets it for ten seconds: say then `remindersTold`. */
  dueReminders(query: ReminderListener & { lend: boolean }): Promise<DueReminder[]>
  /** what has come due and nobody is done with, told or not, the newest first. */
  openReminders(listener: ReminderListener): Promise<DueReminder[]>
  /** it was shown to this person; gives how many of these were not told before. */
  remindersTold(told: { person: string; ids: readonly string[] }): Promise<number>
  /** ends a notice, or a reminder that waits and does not repeat. @throws REMINDER_UNKNOWN, REMINDER_REPEATS */
  reminderDone(id: string): Promise<void>
  /** reminds again so long from now. @throws REMINDER_UNKNOWN, REMINDER_REPEATS, REMINDER_TIME_INVALID */
  snoozeReminder(options: { id: string; forMs: number }): Promise<Reminder>
  /** the intent of a private goal, once; undefined when the process has been restarted since. */
  takeIntent(traceId: string): Promise<Intent | undefined>
}

export const Perception = defineService<Perception>('perception', {
  submit: 'call',
  interpret: 'call',
  reminders: 'call',
  dueReminders: 'call',
  openReminders: 'call',
  remindersTold: 'call',
  reminderDone: 'call',
  snoozeReminder: 'call',
  takeIntent: 'call',
})
