// recall as a person meets it: other words for the same thing, notes that look alike, and topics that nobody told of.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openMemory, type OpenMemory } from './open-memory.ts'

let home = ''
let open: OpenMemory

const begin = async (): Promise<void> => {
  home = await mkdtemp(join(tmpdir(), 'lotus-memory-'))
  open = await openMemory({ home })
}
const end = async (): Promise<void> => {
  await open.close()
  await rm(home, { recursive: true, force: true })
}

const notes = [
  'the cabin key hangs behind the heron painting',
  "Marta's birthday is on the 9th of June",
  'the spare key is under the blue flower pot',
  'project Kestrel uses port 7443',
  'I am allergic to walnuts',
  'the wifi password of the cabin is plumcake88',
  'the wifi password at the office is greywhale21',
  'Nils takes his coffee without sugar',
  'the car insurance runs out on 3 October',
  'the gas meter is in the cellar behind the shelves',
  "Dr. Albrecht's number is 555 0142",
  'the bins go out on Thursday',
  'my shoe size is 43',
  "Greta's dog is called Pickle",
  "Greta's cat is called Marzipan",
  'the meeting with the architect is on Tuesday at 14:00',
  'the dentist is at 12 Mill Lane',
  "I don't eat mushrooms.",
  'bike lock code 7719',
  'the Zürich office opens at 8',
]

const fill = async (): Promise<void> => {
  for (const note of notes) await open.say('remember', note)
}

describe('what was told is found by other words', () => {
  beforeAll(async () => {
    await begin()
    await fill()
  })
  afterAll(end)

  it.each([
    ['the cabin key', ['heron painting']],
    ["when is Marta's birthday?", ['9th of June']],
    ['when was Marta born?', ['9th of June']],
    ['where is the spare key?', ['flower pot']],
    ['where did I put the spare key', ['flower pot']],
    ['which port does project Kestrel use?', ['7443']],
    ['what port is kestrel running on?', ['7443']],
    ['what do you remember about my allergies?', ['walnuts']],
    ["what's the wifi password of the cabin?", ['plumcake88']],
    ["What's the wifi password at the office?", ['greywhale21']],
    ["and what was the cabin's wifi password again?", ['plumcake88']],
    ['what is the wi-fi code in the cabin', ['plumcake88']],
    ['how does Nils take his coffee?', ['without sugar']],
    ['When does the car insurance run out?', ['3 October']],
    ['what have I told you about the car insurance?', ['3 October']],
    ['where is the gas meter?', ['cellar']],
    ["what is Dr. Albrecht's number?", ['555 0142']],
    ["what is Doctor Albrecht's phone number?", ['555 0142']],
    ['when do the bins go out?', ['Thursday']],
    ["What's my shoe size?", ['43']],
    ['do you remember my shoe size?', ['43']],
    ["what's the name of Greta's dog?", ['Pickle']],
    ["What is Greta's cat called?", ['Marzipan']],
    ["when's the meeting with the architect?", ['Tuesday']],
    ['do you know anything about the architect?', ['Tuesday']],
    ["where's the dentist?", ['Mill Lane']],
    ["what don't I eat?", ['mushrooms']],
    ['bike lock code?', ['7719']],
    ['the code of my bicycle lock', ['7719']],
    ['what do you know about the wifi?', ['plumcake88', 'greywhale21']],
    ['what do you know about Greta?', ['Pickle', 'Marzipan']],
    ['when does the zurich office open', ['at 8']],
    ['what do you know about the archictect', ['Tuesday']],
    ['mushroms', ['mushrooms']],
  ])('%s', async (question, expected) => {
    const answer = await open.say('recall', question)
    expect(answer).toMatch(/^You told me:/)
    for (const part of expected) expect(answer).toContain(part)
    const others = notes.filter((note) => answer.includes(note) && !expected.some((part) => note.includes(part)))
    expect(others).toEqual([])
  })
})

describe('what was never told is not known', () => {
  beforeAll(async () => {
    await begin()
    await fill()
  })
  afterAll(end)

  it.each([
    ['what do you know about zeppelin maintenance?', 'I know nothing about zeppelin maintenance.'],
    ['What do you know about submarine licences?', 'I know nothing about submarine licences.'],
    ['have I told you anything about my piano lessons?', 'I know nothing about piano lessons.'],
    ['do you remember anything about Tobias?', 'I know nothing about Tobias.'],
    ["when is Tobias' birthday?", "I know nothing about Tobias' birthday."],
    ["what is Greta's horse called?", "I know nothing about Greta's horse."],
    ['the wifi password of the boat', 'I know nothing about wifi password of the boat.'],
    ['where is the garage key?', 'I know nothing about garage key.'],
    ['which port does project Osprey use?', 'I know nothing about that.'],
    ['what is in the cabinet?', 'I know nothing about cabinet.'],
  ])('%s', async (question, expected) => {
    expect(await open.say('recall', question)).toBe(expected)
  })
})

describe('forgetting', () => {
  beforeEach(begin)
  afterEach(end)

  it.each([
    ['the spare key', ['flower pot']],
    ["Greta's dog", ['Pickle']],
    ['my shoe size', ['is 43']],
    ['the note about the office wifi', ['greywhale21']],
    ['what I said about mushrooms', ['mushrooms']],
    ['what you know about project Kestrel', ['7443']],
    ['what you know about Greta', ['Pickle', 'Marzipan']],
    ['everything about the wifi', ['plumcake88', 'greywhale21']],
  ])('%s', async (topic, gone) => {
    await fill()
    const answer = await open.say('forget', topic)
    expect(answer).toMatch(/^Forgotten/)
    for (const part of gone) if (!topic.includes(part)) expect(answer).not.toContain(part)
    const left = await open.say('list')
    const isGone = (note: string) => gone.some((part) => note.includes(part))
    expect(notes.filter((note) => left.includes(note))).toEqual(notes.filter((note) => !isGone(note)))
    expect(await open.say('recall', topic)).toMatch(/^I know nothing about/)
  })

  it.each(['the key', 'the wifi password'])('asks which, and forgets none: %s', async (topic) => {
    await fill()
    expect(await open.say('forget', topic)).toMatch(/^Which one\? 2 notes fit, and nothing was forgotten:/)
    expect(await open.memory.list()).toHaveLength(notes.length)
  })

  it.each(['the garage key', 'Tobias', 'zeppelins'])('forgets nothing that is not clearly meant: %s', async (topic) => {
    await fill()
    expect(await open.say('forget', topic)).toMatch(/^There is nothing to forget: I know nothing about/)
    expect(await open.memory.list()).toHaveLength(notes.length)
  })

  it('everything at once', async () => {
    await fill()
    expect(await open.say('forget_all')).toBe(`I have forgotten all ${notes.length} notes.`)
    expect(await open.say('list')).toMatch(/^I remember nothing/)
    expect(await open.say('forget_all')).toBe('There is nothing to forget: I remember nothing.')
  })
})

describe('the notes themselves', () => {
  beforeEach(begin)
  afterEach(end)

  it('an empty memory says so', async () => {
    expect(await open.say('recall', 'anything')).toMatch(/I know nothing/)
    expect(await open.say('list')).toBe('I remember nothing yet: you have not told me anything to keep.')
  })

  it('the same again is one note', async () => {
    const first = await open.memory.remember({ text: 'The bins go out on Thursday.', source: 'person' })
    const second = await open.memory.remember({ text: '  the bins  go out on thursday', source: 'person' })
    expect(second.id).toBe(first.id)
    expect(await open.say('remember', 'the bins go out on Thursday')).toMatch(/^I know that already/)
    expect(await open.memory.statistics()).toMatchObject({ notes: 1 })
  })

  it('lists all of them, oldest first, in pages', async () => {
    await fill()
    const answer = await open.say('list')
    for (const note of notes) expect(answer).toContain(note.split('\n')[0])
    const first = await open.memory.list({ limit: 5 })
    const next = await open.memory.list({ limit: 5, after: first.at(-1)!.id })
    expect([...first, ...next].map((item) => item.text)).toEqual(notes.slice(0, 10))
  })

  it('refuses what is empty, too large, or one too many', async () => {
    await expect(open.run('remember', '  ')).rejects.toMatchObject({ code: 'NOTE_EMPTY' })
    await expect(open.run('remember', 'x'.repeat(17_000))).rejects.toMatchObject({ code: 'NOTE_TOO_LARGE' })
    await expect(open.run('remember')).rejects.toMatchObject({ code: 'MEMORY_ARGUMENTS_INVALID' })
    await expect(open.run('dream')).rejects.toMatchObject({ code: 'MEMORY_TOOL_UNKNOWN' })
  })

  it('keeps and finds what is not English, not plain, not polite', async () => {
    const strange = [
      'Der Schlüssel hängt im Keller',
      '鍵は赤い箱の中にあります',
      "'; drop table memory_notes; --",
      'a\u0000b %_\\',
      '🔑 → 🏠 shelf',
    ]
    for (const text of strange) await open.say('remember', text)
    expect((await open.memory.list()).map((item) => item.text)).toContain("'; drop table memory_notes; --")
    expect(await open.say('recall', 'schlussel')).toContain('Keller')
    expect(await open.say('recall', '鍵は')).toContain('赤い箱')
    expect(await open.say('recall', 'drop table')).toContain('memory_notes')
    expect(await open.say('recall', 'shelf')).toContain('🔑')
  })

  it('an answer is the same after a restart', async () => {
    await fill()
    const before = await open.memory.recall({ text: 'the key of the cabin' })
    await open.close()
    open = await openMemory({ home })
    expect(await open.memory.recall({ text: 'the key of the cabin' })).toEqual(before)
    expect(before[0]).toMatchObject({ text: notes[0], relevance: 1 })
  })
})
