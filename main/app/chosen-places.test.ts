import { describe, expect, it } from 'vitest'
import { parsePlace, placeText } from '../model/place'
import { createChosenPlaces } from './chosen-places'

const tokenOf = (place: string): string => parsePlace(place)!.name

describe('the places that a person chose', () => {
  it('are tokens that cannot be guessed, and show the path to people', () => {
    const places = createChosenPlaces()
    const place = places.give('C:\\data\\a: b.csv', 'read')
    expect(placeText(place)).toBe('C:\\data\\a: b.csv')
    expect(tokenOf(place)).toMatch(/^[\w-]{24}$/)
    expect(places.take(tokenOf(place), 'read')).toEqual({ path: 'C:\\data\\a: b.csv' })
    expect(places.take('x'.repeat(24), 'read')).toMatchObject({ refused: expect.stringContaining('not chosen') })
  })

  it('serve what they were chosen for, and reading again and again', () => {
    const places = createChosenPlaces()
    const [file, folder, target] = [places.give('/f', 'read'), places.give('/d', 'folder'), places.give('/t', 'write')]
    expect(places.give('/f', 'read')).toBe(file)
    const uses = ['read', 'key', 'write', 'folder'] as const
    const grants = (place: string) => uses.filter((use) => 'path' in places.take(tokenOf(place), use))
    expect([grants(file), grants(folder), grants(target)]).toEqual([
      ['read', 'key'],
      ['read', 'folder'],
      ['read', 'write']
    ])
    expect(grants(file)).toEqual(['read', 'key'])
  })

  it('are written once: not twice at the same time, again after a failure, and never after it went well', () => {
    const places = createChosenPlaces()
    const token = tokenOf(places.give('/t', 'write'))
    const write = () => 'path' in places.take(token, 'write')
    expect([write(), write()]).toEqual([true, false])
    places.settle(token, false)
    expect(write()).toBe(true)
    places.settle(token, true)
    places.settle(token, false)
    expect(write()).toBe(false)
    expect(tokenOf(places.give('/t', 'write'))).not.toBe(token)
  })
})
