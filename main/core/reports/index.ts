export { Html, escapeHtml, html, relativeLink, type HtmlValue } from './html'
export {
  badge,
  htmlFigure,
  htmlPage,
  htmlTable,
  type PageOptions,
  type PageSection,
  type TableColumn,
  type TableOptions,
  type Tone
} from './page'
export {
  svgBarChart,
  svgHistogram,
  svgLineChart,
  type Bar,
  type BarChartOptions,
  type HistogramOptions,
  type LineChartOptions,
  type LineSeries
} from './charts'
export type { AxisOptions } from './axis-scale'
export { formatBytes, formatDuration, formatNumber, formatShare } from './number-format'
export { pageStyle } from './page-style'
