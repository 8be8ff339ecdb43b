import { Component, type ReactNode } from 'react'
import { ErrorState } from '../ui'

interface Props {
  /** When this changes (another page), the boundary tries again. */
  resetKey: string
  children: ReactNode
}

/** Keeps a defect of one page inside that page. */
export class ErrorBoundary extends Component<Props, { error: unknown; failed: boolean }> {
  override state = { error: null as unknown, failed: false }
  static getDerivedStateFromError(error: unknown) {
    return { error, failed: true }
  }
  override componentDidUpdate(before: Props) {
    if (before.resetKey !== this.props.resetKey && this.state.failed) this.setState({ error: null, failed: false })
  }
  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <ErrorState
        title="This page stopped because of a defect in Drydock. Your work is kept by the host; the other pages go on."
        error={this.state.error}
        onRetry={() => this.setState({ error: null, failed: false })}
      />
    )
  }
}
