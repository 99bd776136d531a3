// wrong usage is one message that names what was probably meant, and never a stack trace.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lastJson, runLotus } from './run-lotus.ts'

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lotus-usage-'))
})
afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

const lotus = (...args: string[]) => runLotus(args, { home })

describe('an unknown word', () => {
  it('is 2, with the nearest command', async () => {
    expect(await lotus('statsu')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "lotus: this is not how the command is used: 'statsu' (no such command)\n" +
        'did you mean `lotus status`? a goal goes after `lotus run`; `lotus help` lists the commands\n',
    })
  })

  it('cannot write to the terminal', async () => {
    expect((await lotus('\u001b[31mx')).stderr).not.toContain('\u001b')
  })
})

describe('an unknown option', () => {
  it('is 2, with the nearest one', async () => {
    expect(await lotus('logs', '--folow')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean --follow?') as string,
    })
  })

  it('in front of a goal is told to go behind --', async () => {
    expect((await lotus('run', '-5 + 3')).stderr).toContain('write -- before text that begins with')
  })

  it('is told in JSON where JSON is wanted', async () => {
    expect(lastJson(await lotus('logs', '--json', '--folow'))).toMatchObject({ error: { code: 'USAGE' } })
  })
})

describe('an option', () => {
  it('that needs a value and has none is 2', async () => {
    expect(await lotus('logs', '--level')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('LEVEL is missing') as string,
    })
  })

  it('that takes no value and has one is 2', async () => {
    expect(await lotus('logs', '--follow=yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('takes no value') as string,
    })
  })

  it('with a number out of range is 2', async () => {
    expect(await lotus('logs', '-n', '0')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('from 1 to') as string,
    })
  })
})

describe('help', () => {
  it('is the same in three ways', async () => {
    const [first, second, third] = [
      await lotus('help', 'undo'),
      await lotus('undo', '--help'),
      await lotus('undo', '-h'),
    ]
    expect(first.stdout).toBe(second.stdout)
    expect(second.stdout).toBe(third.stdout)
    expect(first.stdout).toContain('lotus undo [ID]')
  })

  it('is what lotus alone says', async () => {
    expect((await lotus()).stdout).toBe((await lotus('--help')).stdout)
  })
})

describe('version', () => {
  it('names LOTUS and Node', async () => {
    expect((await lotus('--version')).stdout).toMatch(/^lotus \d+\.\d+\.\d+, node \d+\./)
  })
})
