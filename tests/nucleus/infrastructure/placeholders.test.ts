import { describe, expect, it } from 'vitest'
import { numberPlaceholders } from '../../../nucleus/infrastructure/postgres/placeholders.ts'

describe('the placeholders of statements written by hand', () => {
  it('are numbered in order', () => {
    expect(numberPlaceholders('select a from t where b = ? and c in (?, ?)')).toBe(
      'select a from t where b = $1 and c in ($2, $3)',
    )
  })

  it('are told from question marks in texts, names and comments', () => {
    const sql = `select 'is it''s ?', "odd?" -- why?\n from t /* ? */ where x = ? and y = $$ ? $$ and z = $q$ ? $q$`
    expect(numberPlaceholders(sql)).toBe(sql.replace('x = ?', 'x = $1'))
  })

  it('that Kysely has numbered stay as they are', () => {
    expect(numberPlaceholders('select $1, $2')).toBe('select $1, $2')
  })
})
