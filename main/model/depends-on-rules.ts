const ofGroups: ReadonlySet<string> = new Set([
  'disparate_impact',
  'demographic_parity_difference',
  'equal_opportunity_difference',
  'equalised_odds_difference',
  'accuracy_difference',
  'worst_group_loss',
  'rmse_difference',
  'mae_difference',
  'mean_error_difference',
  'statistical_parity_distance'
])

/** What two runs must share besides the rows for a metric to ask the same of both: the costs of decisions, or which groups are compared. */
export const rulesBehind = (key: string): 'costs' | 'groups' | null =>
  key === 'decision_cost' ? 'costs' : ofGroups.has(key) ? 'groups' : null
