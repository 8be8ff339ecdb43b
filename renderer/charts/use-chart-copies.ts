import { useRef } from 'react'
import { copyAndTell, showToast } from '../ui'
import { copyPicture, pngOfCanvas, pngOfSvg, svgTextOf } from './picture'
import { resolveColour } from './series-colour'

/** Copies of what is drawn inside of `body`, as picture or as text; says each time what became of it. */
export function useChartCopies() {
  const body = useRef<HTMLDivElement>(null)
  const drawing = () => body.current?.querySelector<SVGSVGElement>('svg[data-chart]')
  const background = () => resolveColour('var(--surface-1)')
  const pictureOf = async (): Promise<Blob | null> => {
    const svg = drawing()
    if (svg) {
      const { width, height } = svg.getBoundingClientRect()
      return pngOfSvg(svgTextOf(svg, background()), width, height)
    }
    const canvas = body.current?.querySelector('canvas')
    return canvas ? pngOfCanvas(canvas, background()) : null
  }
  const copyPng = async () => {
    const blob = await pictureOf()
    if (blob && (await copyPicture(blob))) showToast({ status: 'ok', title: 'The chart is on the clipboard.' })
    else showToast({ status: 'warn', title: 'The chart could not be copied.', text: 'Show it as a table and copy the values instead.' })
  }
  const copySvg = () => {
    const svg = drawing()
    if (svg) void copyAndTell(svgTextOf(svg, background()), 'The chart as SVG text is on the clipboard.')
  }
  return { body, copyPng, copySvg }
}
