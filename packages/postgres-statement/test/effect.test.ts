import { describe, expect, test } from 'vitest';
import { effectOf } from '../src/effect.js';

/** An error of the server, in the shape of pg and PGlite. */
function serverError(code: string, severity: string | undefined): Error {
  return Object.assign(new Error('from the server'), { code, severity });
}

/** An error of Node.js, as it comes from a socket. */
function socketError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
}

describe('a statement has no effect', () => {
  test.each([
    ['a constraint', '23505'],
    ['a wrong statement', '42601'],
    ['a table that is not there', '42P01'],
    ['a serialization failure', '40001'],
    ['a deadlock', '40P01'],
    ['a lock that is not free', '55P03'],
    ['a statement_timeout or a cancel', '57014'],
    ['an error of its own function', 'P0001'],
    ['a full disk', '53100'],
    ['an internal error', 'XX000'],
  ])('when the server answers with the error of %s (%s)', (_, code) => {
    expect(effectOf(serverError(code, 'ERROR'))).toBe('none');
  });

  test.each([
    ['a wrong password', '28P01'],
    ['a database that is not there', '3D000'],
    ['too many connections', '53300'],
    ['a server that starts up', '57P03'],
    ['a session that cannot be established', '08001'],
    ['a session that is rejected', '08004'],
  ])('when its session is refused, fatal as it is, for %s (%s)', (_, code) => {
    expect(effectOf(serverError(code, 'FATAL'))).toBe('none');
  });

  test('when the server says its severity in another language, or not at all', () => {
    expect(effectOf(serverError('23505', 'FEHLER'))).toBe('none');
    expect(effectOf({ code: '23505' })).toBe('none');
  });

  test.each([
    ['ECONNREFUSED', 'connect'],
    ['ETIMEDOUT', 'connect'],
    ['EHOSTUNREACH', 'connect'],
    ['ENOTFOUND', 'getaddrinfo'],
    ['EAI_AGAIN', 'getaddrinfo'],
  ])('when nothing was connected (%s by %s)', (code, syscall) => {
    expect(effectOf(socketError(code, syscall))).toBe('none');
  });

  test('when none of the addresses of a host could be connected', () => {
    const errors = ['::1', '127.0.0.1'].map(() => socketError('ECONNREFUSED', 'connect'));
    expect(effectOf(new AggregateError(errors))).toBe('none');
  });
});

describe('what a statement did is not known', () => {
  test.each([
    ['57P01', 'FATAL', 'the session was ended by an operator'],
    ['57P02', 'FATAL', 'another session crashed'],
    ['57P05', 'FATAL', 'the session idled too long'],
    ['25P03', 'FATAL', 'its transaction idled too long'],
    ['08P01', 'FATAL', 'PgBouncer lost its connection, or says anything else'],
    ['08006', 'FATAL', 'the connection failed'],
    ['40003', 'ERROR', 'the completion is unknown'],
    ['XX000', 'PANIC', 'the server broke down, in the middle of a commit perhaps'],
    ['53100', 'PANIC', 'the log could not be written'],
    ['58030', 'PANIK', 'the log could not be written, in another language'],
    ['XX000', undefined, 'no severity is given'],
    ['40001', 'FATAL', 'the session was ended by a conflict'],
  ])('after %s %s: %s', (code, severity, _) => {
    expect(effectOf(serverError(code, severity))).toBe('unknown');
  });

  test.each([
    ['ECONNRESET', 'read'],
    ['EPIPE', 'write'],
    ['ETIMEDOUT', 'read'],
  ])('when the connection broke (%s by %s)', (code, syscall) => {
    expect(effectOf(socketError(code, syscall))).toBe('unknown');
  });

  test('when one of several errors is not of the connecting', () => {
    const errors = [socketError('ECONNREFUSED', 'connect'), socketError('ECONNRESET', 'read')];
    expect(effectOf(new AggregateError(errors))).toBe('unknown');
    expect(effectOf(new AggregateError([]))).toBe('unknown');
  });

  test.each([
    new Error('Connection terminated unexpectedly'),
    new Error('Query read timeout'),
    'a text',
    undefined,
    null,
    7,
    { code: 7 },
  ])('after anything else (%s)', (error) => {
    expect(effectOf(error)).toBe('unknown');
  });
});
