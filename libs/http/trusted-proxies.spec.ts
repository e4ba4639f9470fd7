import Fastify from 'fastify';
import { callerAddress, trustedProxies } from './trusted-proxies';

const PROXIES = ['10.0.0.0/8', '192.0.2.7', 'loopback', '2001:db8::/32'];

test.each<[string, string | undefined]>([
  ['192.0.2.7', '203.0.113.9'],
  ['192.0.2.7', '203.0.113.9, 10.1.2.3'],
  ['::ffff:10.0.0.1', '203.0.113.9,10.1.2.3,  ,'],
  ['127.0.0.1', '10.1.2.3, 203.0.113.9'],
  ['127.0.0.1', '10.1.2.3, 10.4.5.6'],
  ['2001:db8::5', '2001:db9::1, nonsense'],
  ['203.0.113.9', '10.1.2.3'],
  ['127.0.0.1', undefined],
  ['127.0.0.1', ' '],
])('behind %s, %s: the address that Fastify finds', async (peer, forwardedFor) => {
  const instance = Fastify({ trustProxy: PROXIES });
  instance.get('/', (request) => request.ip);
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  const { body } = await instance.inject({ url: '/', remoteAddress: peer, headers });
  expect(callerAddress(peer, forwardedFor, trustedProxies(PROXIES))).toBe(body);
});

test('nobody is believed when none is named; what is no address is refused at the start', () => {
  expect(trustedProxies([])).toBeNull();
  expect(callerAddress('192.0.2.7', '203.0.113.9', null)).toBe('192.0.2.7');
  expect(() => trustedProxies(['proxy.example'])).toThrow('address');
});
