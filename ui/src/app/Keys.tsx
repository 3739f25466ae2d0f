import { Kbd, Modal, Table } from '@mantine/core';

const keys: [string[], string][] = [
  [['/'], 'to the search or query box'],
  [['↑', '↓'], 'to the row above or below'],
  [['→', '←'], 'open or close a row'],
  [['Enter'], 'show the row'],
  [['Esc'], 'leave a box, close what is open'],
  [['?'], 'these keys'],
];

export function Keys({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys">
      <Table>
        <Table.Tbody>
          {keys.map(([combination, what]) => (
            <Table.Tr key={what}>
              <Table.Td>
                {combination.map((k) => (
                  <Kbd key={k} mr={4}>
                    {k}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
