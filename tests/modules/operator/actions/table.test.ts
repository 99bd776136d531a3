import { describe, expect, it } from 'vitest'
import { codeOf, createWorld } from './world.ts'

const contacts =
  'name,email,city\nPriya,p@example.org,Leeds\n"Okafor, Amara",a@example.org,Lagos\nWen,w@example.org,Suzhou\n'

async function query(content: string, args: { readonly [name: string]: string | number | string[] }) {
  const world = createWorld()
  await world.write('t.csv', content)
  return world.run('table.query', { path: 't.csv', ...args })
}

describe('table.query', () => {
  it('gives a column by its name, in any case and number, or by its place', async () => {
    expect((await query(contacts, { column: 'city' })).text).toBe('Leeds\nLagos\nSuzhou')
    expect((await query(contacts, { column: 'Cities' })).text).toBe('Leeds\nLagos\nSuzhou')
    expect((await query(contacts, { number: 1 })).text).toBe('Priya\nOkafor, Amara\nWen')
    expect((await query(contacts, { columns: ['name', 'city'] })).text).toContain('Wen, Suzhou')
  })

  it('looks up a row by one of its cells', async () => {
    expect((await query(contacts, { column: 'city', where: 'wen' })).text).toBe('Suzhou')
    expect((await query(contacts, { column: 'email', where: "Priya's" })).text).toBe('p@example.org')
    expect((await query(contacts, { where: 'Wen', answer: 'rows' })).text).toBe(
      'name: Wen, email: w@example.org, city: Suzhou',
    )
    expect((await query(contacts, { column: 'city', where: 'Bo' })).text).toBe('t.csv has no row with "Bo"')
  })

  it('adds up a column and tells its average and extremes', async () => {
    const amounts = 'month;amount\njan;1,200.50\nfeb;99.5\n'
    expect((await query(amounts, { column: 'amount', answer: 'sum' })).text).toBe('the sum of amount in t.csv is 1300')
    expect((await query(amounts, { column: 'amount', answer: 'average' })).data).toMatchObject({ text: '650' })
    expect((await query(amounts, { column: 'amount', answer: 'max' })).data).toMatchObject({ text: '1200.5' })
    expect((await query(amounts, { column: 'amount', answer: 'min' })).data).toMatchObject({ text: '99.5' })
  })

  it('answers that a column is not there where a cell of it is looked up', async () => {
    const { text, data } = await query(contacts, { column: 'phone', where: 'Wen' })
    expect(text).toMatch(/has no column "phone"; its columns are .*city/)
    expect(data['count']).toBe(0)
  })

  it('refuses a column that is not there, and sums of what is no number', async () => {
    expect(await codeOf(query(contacts, { column: 'phone' }))).toBe('NO_SUCH_COLUMN')
    expect(await codeOf(query(contacts, { number: 4 }))).toBe('NO_SUCH_COLUMN')
    expect(await codeOf(query(contacts, { column: 'city', answer: 'sum' }))).toBe('NOT_NUMBERS')
  })

  it('names the columns, and says that a table is empty', async () => {
    expect((await query(contacts, { answer: 'header' })).text).toBe('3 columns: name, email, city')
    expect((await query('', { column: 'x' })).text).toBe('t.csv is empty')
  })
})
