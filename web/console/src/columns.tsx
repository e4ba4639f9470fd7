import { figure } from '../../kit/money';

/** A money column: right-aligned on the point, unit in the head, zero is 0.00 and nothing is –. */
export function money<T>(title: string, dataIndex: keyof T & string) {
  return { title, dataIndex, key: dataIndex, align: 'right' as const, render: (value: number | null) => figure(value) };
}
