# Somebody who says he is the police has a resident on the line. Call and visit go on side by side; nobody waits.
Li is an operator
Zhao is a field_worker
Chen is a supervisor
rule fake_police_warrant: impersonate_police, hook, 45 points, half-life 3 days
rule share_screen: impersonate_police, screen, 60 points, half-life 1 days

10:00 an SMS from 0085261234567 to 13900001111 says "您涉嫌洗钱，逮捕令已下"; matched fake_police_warrant
then the case of 13900001111 is open and low
then the queue is: call of 13900001111
then the message channel has had 1 message

10:01 13900001111 shares the screen with com.meeting.app; matched share_screen
then the case of 13900001111 is open and critical
then the case of 13900001111 has 104 points: share_screen 60, fake_police_warrant 44
# a minute took its part of the 45; critical: call within 3 minutes, visit within 30
then the call of 13900001111 is due 10:04
then the visit of 13900001111 is due 10:31
then the queue is: call of 13900001111, visit of 13900001111
then 13900001111 has 1 case

10:02 Li claims the call of 13900001111
10:02 Zhao claims the visit of 13900001111
10:03 Li records busy_with_suspect on the call of 13900001111
then the call of 13900001111 is waiting
then the visit of 13900001111 is claimed by Zhao
10:03 Zhao records no_one on the visit of 13900001111
# both come back after five minutes, each for itself
10:07 Li claims the next task
then the call of 13900001111 is waiting
10:08 Li claims the next task
then the call of 13900001111 is claimed by Li
then the visit of 13900001111 is waiting
10:20 Zhao claims the visit of 13900001111
10:20 Zhao records met, face_to_face, line cut, stopped by visitor on the visit of 13900001111
10:25 Zhao closes the case of 13900001111 as dissuaded
then the case of 13900001111 is following_up and critical
then the call of 13900001111 is cancelled
then the follow_up 30min of 13900001111 is due 10:55
then the follow_up 2h of 13900001111 is due 12:25
