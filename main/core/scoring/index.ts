export { formatOf, scoreFile, type ScoreFileOptions } from './score-file'
export { scoreTableFile, type ScoreTableOptions } from './score-table'
export { manifest } from './manifest'
