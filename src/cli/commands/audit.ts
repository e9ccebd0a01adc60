import { Command } from 'commander';
import { auditBaselineCommand } from './audit-baseline.ts';
import { auditHistoryCommand } from './audit-history.ts';
import { auditRunCommand } from './audit-run.ts';
import { auditSimulateCommand } from './audit-simulate.ts';

export function auditCommand(): Command {
  return new Command('audit')
    .summary('judge what API calls leave behind, and take back what is not approved or not compliant')
    .addCommand(auditRunCommand())
    .addCommand(auditSimulateCommand())
    .addCommand(auditBaselineCommand())
    .addCommand(auditHistoryCommand());
}
