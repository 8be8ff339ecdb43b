/** The design system. Screens import from here and never from the files behind it. */
export { availableActions, matchesKeys, registerActions, useActions, useRegisteredActions, type Action } from './actions'
export { Badge, StatusIcon, statusIcons, statusText, statusSoft, type BadgeProps, type Status } from './badge'
export { Button, type ButtonProps, type ButtonVariant } from './button'
export { chipClass, HashChip, useCopied } from './hash-chip'
export { classNames } from './class-names'
export { CodeEditor } from './code-editor'
export { type CodeDiagnostic, type CodeEditorProps, type CodeLanguage } from './code-types'
export { Combobox, MultiCombobox, type ComboboxProps, type MultiComboboxProps } from './combobox'
export { copyText } from './copy-text'
export { cellValue, dataColumns, isNumericType, renderCell, type DataRow } from './data-columns'
export { describeError, errorDetailsText, isCancelled, type DescribedError } from './describe-error'
export { ConfirmDialog, Dialog, type ConfirmDialogProps, type DialogProps } from './dialog'
export { DiffTable, ValueDiff, differs, type DiffRow, type DiffTableProps, type DiffValue } from './diff'
export { Disclosure } from './disclosure'
export { DropZone, type DropZoneProps } from './drop-zone'
export { useElapsed } from './elapsed'
export {
  Field,
  NumberInput,
  PasswordInput,
  TextArea,
  TextInput,
  type FieldProps,
  type NumberInputProps,
  type TextAreaProps,
  type TextInputProps
} from './field'
export {
  fileNameOf,
  formatAuto,
  formatCount,
  formatDuration,
  formatLocal,
  formatNumber,
  formatRelative,
  formatSize,
  formatUtc,
  NO_VALUE,
  shortHash
} from './format'
export { HtmlDocument, toInertHtml, type HtmlDocumentProps } from './html-document'
export { IconButton, type IconButtonProps } from './icon-button'
export { InspectorLayout, type InspectorLayoutProps } from './inspector'
export { KeyHint } from './key-hint'
export {
  KeyValueList,
  Page,
  PageHeader,
  Panel,
  SearchInput,
  Section,
  Toolbar,
  type KeyValue,
  type PageHeaderProps,
  type SearchInputProps,
  type SectionProps
} from './layout'
export { ListPage, type ListPageProps } from './list-page'
export { LogView, type LogViewProps } from './log-view'
export { Markdown, type MarkdownProps } from './markdown'
export { ContextMenu, Menu, type MenuAction, type MenuEntry, type MenuProps } from './menu'
export { PendingPage, type PendingPageProps } from './pending-page'
export { Progress, type ProgressProps } from './progress'
export { readRemembered, remember, useRememberedChoice } from './remembered'
export { Select, type Choice, type SelectProps } from './select'
export { SplitPane, type SplitPaneProps } from './split-pane'
export { DeltaText, judgeDelta, Stat, type Direction, type StatProps } from './stat'
export { EmptyState, ErrorState, Skeleton, useDelayed, type EmptyStateProps, type ErrorStateProps, type SkeletonProps } from './states'
export { type CellValue, type Column, type SortOrder, type VirtualTableProps } from './table-types'
export { tableText } from './table-text'
export { Tabs, type TabItem, type TabsProps } from './tabs'
export { closeToast, copyAndTell, showToast, type ToastOptions, ToastProvider } from './toast'
export { Checkbox, Switch, type ToggleProps } from './toggles'
export { Tooltip, TooltipProvider, type TooltipProps } from './tooltip'
export { DurationText, NumberText, SizeText, TimeText, type NumberTextProps, type TimeTextProps } from './values'
export { useListRows } from './use-list-rows'
export { VirtualTable } from './virtual-table'
export {
  hrefTo,
  Link,
  navigate,
  navigateTo,
  parseLocation,
  useLocation,
  type Area,
  type Areas,
  type LinkProps,
  type Location
} from './navigation'
export { diffLines, type DiffLine } from './line-diff'
export { TextDiff } from './text-diff'
export { tableHeight } from './table-height'
