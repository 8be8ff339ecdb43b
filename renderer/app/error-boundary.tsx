import { Component, type ReactNode } from 'react'
import { ErrorState } from '../ui'

interface Props {
  /** When this changes (another page), the boundary tries again. */
  resetKey: string
  children: ReactNode
}

interface State {
  error: unknown
  failed: boolean
  resetKey: string
}

/** Keeps a defect of one page inside that page. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, failed: false, resetKey: this.props.resetKey }
  static getDerivedStateFromError(error: unknown) {
    return { error, failed: true }
  }
  static getDerivedStateFromProps({ resetKey }: Props, state: State): Partial<State> | null {
    return resetKey === state.resetKey ? null : { error: null, failed: false, resetKey }
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
