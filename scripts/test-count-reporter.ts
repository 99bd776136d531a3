/** prints the last line of a test run: plain numbers that people and programs can read. */
import type { Reporter, TestModule } from 'vitest/node'

export default class TestCountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    let broken = errors.length
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1
      // a file that can't be imported has no tests to fail
      broken += module.errors().length
    }
    const parts = [`${count.passed} passed`, `${count.failed} failed`]
    const skipped = count.skipped + count.pending
    if (skipped > 0) parts.push(`${skipped} skipped`)
    if (broken > 0) parts.push(`${broken} errors outside of tests`)
    const note =
      process.env['LOTUS_WITHOUT_DATA'] === '1'
        ? ' (without data: the suites that need the data folder did not run)'
        : ''
    console.log(parts.join(', ') + note)
  }
}
