import { show } from '@gabion/contract';
import { compareText, type RingMember, requireWeight } from './members.js';

/** The members with one more, in order. */
export function added(fn: string, members: readonly RingMember[], member: RingMember) {
  const after = members.findIndex(({ id }) => compareText(id, member.id) >= 0);
  const at = after < 0 ? members.length : after;
  if (members[at]?.id === member.id) {
    throw new RangeError(`${fn}: node must not be a member already, got ${show(member.id)}`);
  }
  return members.toSpliced(at, 0, member);
}

/** The members with one less. */
export function removed(fn: string, members: readonly RingMember[], id: string) {
  return members.toSpliced(indexOf(fn, members, id), 1);
}

/** The members, one of which has another weight. */
export function reweighed(fn: string, members: readonly RingMember[], id: string, weight: number) {
  const at = indexOf(fn, members, id);
  const old = members[at] as RingMember;
  const weighed = { ...old, weight: requireWeight(fn, 'weight', weight) };
  return members.with(at, Object.freeze(weighed));
}

function indexOf(fn: string, members: readonly RingMember[], id: string): number {
  const at = members.findIndex((member) => member.id === id);
  if (at >= 0) return at;
  const Mistake = typeof id === 'string' ? RangeError : TypeError;
  throw new Mistake(`${fn}: id must be that of a member, got ${show(id)}`);
}
