import { LaneConnection } from './lane-connection';

/**
 * Settles what became of a lane's last transaction when its answer is missing: closes the lane and reads how far it came.
 * The UPDATE waits for a transaction still in flight; once the lane is closed no later packet of it can commit, so what is
 * read is final. A read alone proved wrong: packets are delivered late.
 */
export async function closeLane(url: string, laneId: number, budgetMs: number): Promise<bigint> {
  const deadline = performance.now() + budgetMs;
  for (;;) {
    try {
      return await closeOnce(url, laneId);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
    }
  }
}

async function closeOnce(url: string, laneId: number): Promise<bigint> {
  const connection = await LaneConnection.open({ url }, true);
  try {
    await connection.run("UPDATE lane SET state = 'closed' WHERE lane_id = ?", [laneId]);
    const [row] = await connection.select<{ batch_no: bigint }>('SELECT batch_no FROM lane WHERE lane_id = ?', [
      laneId,
    ]);
    if (!row) throw new Error(`lane ${laneId} is not there`);
    return row.batch_no;
  } finally {
    connection.destroy();
  }
}
