package load

// maxWeight bounds the length of a round.
const maxWeight = 1000

// turns is one round over the targets: indexes, each as often as its weight
// says and spread evenly. It is nginx's smooth weighted round robin: in every
// step each target gains its weight, the richest one has its turn and pays the
// sum of all weights.
func turns(targets []Target) []int {
	total := 0
	weights := make([]int, len(targets))
	for i, t := range targets {
		weights[i] = max(1, t.Weight)
		total += weights[i]
	}
	round := make([]int, 0, total)
	credit := make([]int, len(targets))
	for range total {
		richest := 0
		for i, w := range weights {
			credit[i] += w
			if credit[i] > credit[richest] {
				richest = i
			}
		}
		credit[richest] -= total
		round = append(round, richest)
	}
	return round
}
