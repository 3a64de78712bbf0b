# A false alarm of a high case needs a proof and a second person, who is a supervisor and somebody else.
Li is an operator
Wang is an operator
Chen is a supervisor
Deng is a supervisor
rule fake_leader: impersonate_leader, hook, 72 points, half-life 3 days

10:00 an SMS from 13812345678 to 13900003333 says "我是张书记，明天来我办公室"; matched fake_leader
then the case of 13900003333 is open and high
10:02 Li closes the case of 13900003333 as false_alarm
refused: "false_alarm" needs a proof
10:03 Li closes the case of 13900003333 as false_alarm, proof "the leader's own number, confirmed by the office"
refused: needs a second person: name a supervisor
10:04 Li closes the case of 13900003333 as false_alarm, proof "the office confirmed", with Wang
refused: Wang is not a supervisor
10:04 Li closes the case of 13900003333 as false_alarm, proof "the office confirmed", with Nobody
refused: Nobody is no user here
10:05 Chen closes the case of 13900003333 as false_alarm, proof "the office confirmed", with Chen
refused: somebody else than who closes
10:06 Li closes the case of 13900003333 as false_alarm, proof "the office confirmed", with Chen
then the case of 13900003333 is following_up
11:00 Li decides that the case of 13900003333 is refuted by named_proof_of_false
refused: who closed the case may not decide its truth
11:01 Deng decides that the case of 13900003333 is refuted by none
refused: refuted needs named_proof_of_false
11:02 Deng decides that the case of 13900003333 is refuted by named_proof_of_false
then the case of 13900003333 is settled
then the follow_up 24h of 13900003333 is cancelled
then on day 32 false_alarm_rate is 1/1
then on day 32 protected_rate is 0/0
