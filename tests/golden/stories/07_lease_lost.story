# Who takes a task and does nothing loses it after 90 seconds, and it stands again where it stood.
Li is an operator
Wang is an operator
rule fake_leader: impersonate_leader, hook, 72 points, half-life 3 days

10:00 an SMS from 13812345678 to 13900000001 says "我是张书记"; matched fake_leader
10:01 an SMS from 13812345679 to 13900000002 says "我是张书记"; matched fake_leader
10:02 an SMS from 13812345670 to 13900000003 says "我是张书记"; matched fake_leader
then the queue is: call of 13900000001, call of 13900000002, call of 13900000003, visit of 13900000001, visit of 13900000002, visit of 13900000003
10:03 Li claims the next task
then the call of 13900000001 is claimed by Li
then the queue is: call of 13900000002, call of 13900000003, visit of 13900000001, visit of 13900000002, visit of 13900000003
10:04 Li renews the call of 13900000001
10:05 nothing happens
then the call of 13900000001 is claimed by Li
10:06 nothing happens
then the call of 13900000001 is waiting
then the queue is: call of 13900000001, call of 13900000002, call of 13900000003, visit of 13900000001, visit of 13900000002, visit of 13900000003
10:07 Li records reached on the call of 13900000001
refused: nobody's: claim it first
10:07 Wang claims the next task
then the call of 13900000001 is claimed by Wang
10:08 Li records reached on the call of 13900000001
refused: held by Wang
10:08 Wang releases the call of 13900000001
then the call of 13900000001 is waiting
# a conversation that goes on for more than twenty minutes: the supervisor is told
10:09 Wang claims the call of 13900000001
10:10 Wang records reached, question on the call of 13900000001
10:29 nothing happens
then the call of 13900000001 is under_way by Wang
then the supervisor channel has had 0 messages
10:30 nothing happens
then the call of 13900000001 is waiting
then the supervisor channel has had 1 message
