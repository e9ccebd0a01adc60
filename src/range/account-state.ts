import type { Account } from './account.ts';

/**
 * What one service keeps of an account, made when it is first asked for: so that a service is one folder,
 * and the account need not know it.
 *
 * ```ts
 * const usersOf = accountState(() => new Map<string, User>());
 * usersOf(account).get('ada');
 * ```
 */
export function accountState<State>(make: (account: Account) => State): (account: Account) => State {
  const states = new WeakMap<Account, State>();
  return (account) => {
    const known = states.get(account);
    if (known !== undefined) return known;
    const made = make(account);
    states.set(account, made);
    return made;
  };
}
