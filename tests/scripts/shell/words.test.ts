// what a line of the shell is taken for.
import { describe, expect, it } from 'vitest'
import { readLine, splitWords } from '../../../scripts/shell/words.ts'

describe('a line', () => {
  it.each([
    'find all log files',
    'status of the nginx service',
    'help me find my report',
    'undo the last two changes',
    'memory usage',
    'why is the disk full?',
    'exit the building',
    '/etc/hosts: how many lines?',
    'lotus flowers',
  ])('%s is a goal', (text) => {
    expect(readLine(text)).toEqual({ kind: 'goal', text })
  })

  it.each([
    ['exit', 'exit', ''],
    ['/exit', 'exit', ''],
    ['help', 'help', ''],
    ['help runs', 'help', 'runs'],
    ['cd  old stuff', 'cd', 'old stuff'],
    ['undo', 'undo', ''],
    ['undo 01a214e1-c054-70a0-836e-694eedd0f13a', 'undo', '01a214e1-c054-70a0-836e-694eedd0f13a'],
    ['why 01a214e1c05470a0836e694eedd0f13a', 'why', '01a214e1c05470a0836e694eedd0f13a'],
    ['  more ', 'more', ''],
  ])('%s is a word of the shell', (line, word, rest) => {
    expect(readLine(line)).toEqual({ kind: 'own', word, rest })
  })

  it.each([
    ['status', 'status', []],
    ['/runs show --json', 'runs', ['show', '--json']],
    ['/undo', 'undo', []],
    ['lotus memory list -n 3', 'memory', ['list', '-n', '3']],
    ['/run -- "-5 + 3"', 'run', ['--', '-5 + 3']],
    ['/ask what time is it', 'ask', ['what', 'time', 'is', 'it']],
  ])('%s is a command', (line, name, args) => {
    expect(readLine(line)).toEqual({ kind: 'command', name, args })
  })

  it.each(['', '   ', '#', '# a comment'])('%j is nothing', (line) => {
    expect(readLine(line)).toEqual({ kind: 'nothing' })
  })

  it('with an unknown command says what was probably meant', () => {
    expect(() => readLine('/statsu')).toThrow(
      expect.objectContaining({ code: 'USAGE', fix: expect.stringContaining('/status') }),
    )
  })

  it('whose quote Tab has left open behind a folder is closed', () => {
    expect(readLine('list "old stuff/')).toEqual({ kind: 'goal', text: 'list "old stuff/"' })
    expect(readLine('say "hello" to a/')).toEqual({ kind: 'goal', text: 'say "hello" to a/' })
  })
})

describe('the words of a command', () => {
  it.each([
    [`a "b c" 'd "e'`, ['a', 'b c', 'd "e']],
    ['"a \\" b" c\\ d', ['a " b', 'c d']],
    [`x ''`, ['x', '']],
    ['  a\t b ', ['a', 'b']],
  ])('%s', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  it('end with their quotes', () => {
    expect(() => splitWords('a "b')).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})
